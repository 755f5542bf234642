"""The commands that keep what a record stands on: products, lessons, verdicts, files, names."""

from __future__ import annotations

from typing import Annotated

import typer

from aswiki.cli.asking import customer_of, text_of, title_of, word_of
from aswiki.cli.frame import CUSTOMER, RECORD
from aswiki.cli.run import Run
from aswiki.cli.saved import asked, opened, say
from aswiki.lang import N_, _

Text = str | None

_FROM = typer.Option(
    "--from",
    metavar="RECORD",
    help=N_("The record that taught it"),
    autocompletion=RECORD.autocompletion,
)


def assess(
    run: Run,
    customer: Annotated[Text, CUSTOMER] = None,
    product: Annotated[
        Text, typer.Argument(metavar="PRODUCT", help=N_("The product, by slug or name"))
    ] = None,
    text: Annotated[Text, typer.Argument(metavar="TEXT", help=N_("What they think of it"))] = None,
    aspect: Annotated[
        Text, typer.Option(metavar="ASPECT", help=N_("For instance strength or price_performance"))
    ] = None,
    said_by: Annotated[Text, typer.Option(metavar="WHO", help=N_("Who said it"))] = None,
    environment: Annotated[
        Text, typer.Option(metavar="TEXT", help=N_("In which environment"))
    ] = None,
    purpose: Annotated[Text, typer.Option(metavar="TEXT", help=N_("For what purpose"))] = None,
    rating: Annotated[Text, typer.Option(metavar="1..5", help=N_("From 1 bad to 5 good"))] = None,
    compared_with: Annotated[
        Text, typer.Option(metavar="TEXT", help=N_("What they compare it with"))
    ] = None,
    verbatim: Annotated[
        Text, typer.Option(metavar="TEXT", help=N_("What was said, to the letter"))
    ] = None,
) -> None:
    """Keep a customer's verdict on a product.

    It stands in the customer's architecture page, which is made when it is not there.

        aswiki assess acme oss Dear --aspect weakness --said-by Jane --environment lab --purpose PoC
        aswiki assess 蓝鲸 oss "稳" --aspect 稳定性 --said-by 王工 --environment 生产 --purpose 存档
    """
    from aswiki.wiki import assessing

    customer = customer_of(run, customer)
    product = text_of(run, product, _("Which product?"), "PRODUCT")
    text = text_of(run, text, _("What do they think of it?"), "TEXT")
    given = {
        "aspect": word_of(run, aspect, _("Which side of it?"), "--aspect", "aspect"),
        "rating": rating,
        "compared_with": compared_with,
        "environment": text_of(run, environment, _("In which environment?"), "--environment"),
        "purpose": text_of(run, purpose, _("For what purpose?"), "--purpose"),
        "said_by": text_of(run, said_by, _("Who said it?"), "--said-by"),
        "verbatim": verbatim,
    }
    say(run, assessing.assess(opened(run), customer, product, text, asked(run), given))


def new_lesson(
    run: Run,
    title: Annotated[
        Text, typer.Argument(metavar="TITLE", help=N_("What was learned, in one line"))
    ] = None,
    source: Annotated[Text, _FROM] = None,
) -> None:
    """Write down what was learned.

    With --from the lesson is prefilled from a record: names, phones, addresses, ids and amounts of
    customers are replaced by neutral words. Read it over before you set sanitized=true.

        aswiki new-lesson "Count connections before scaling" --from oss-timeout
    """
    from aswiki.wiki import learning

    title = title_of(run, title)
    say(run, learning.new_lesson(opened(run), title, asked(run), source=source or None))


def new_product(
    run: Run,
    name: Annotated[
        Text, typer.Argument(metavar="NAME", help=N_("What the product is called"))
    ] = None,
    owner_department: Annotated[
        Text,
        typer.Option(metavar="DEPARTMENT", help=N_("The department that answers for it")),
    ] = None,
    slug: Annotated[
        Text, typer.Option(metavar="SLUG", help=N_("The file's name, else from the name"))
    ] = None,
) -> None:
    """Add a product that we sell.

    aswiki new-product "Object storage" --owner-department storage-team --slug oss
    aswiki new-product 对象存储 --owner-department 存储研发组 --slug oss
    """
    from aswiki.wiki import products

    name = text_of(run, name, _("What is the product called?"), "NAME")
    saved = products.new_product(
        opened(run), name, asked(run), own_slug=slug, owner_department=owner_department
    )
    say(run, saved)


def attach(
    run: Run,
    record: Annotated[str, RECORD],
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help=N_("Screenshots, logs, mails and so on"))
    ],
    kind: Annotated[
        Text,
        typer.Option(metavar="KIND", help=N_("What they are, for instance screenshot or 截图")),
    ] = None,
    note: Annotated[Text, typer.Option(metavar="TEXT", help=N_("What they show"))] = None,
) -> None:
    """Attach files to a record as evidence.

    They are copied into the customer's files and named in the record with their sha256, in one
    commit. A file that is there already is not copied again.

        aswiki attach oss-timeout capture.pcap 截图.png --kind log --note "Both sides"
    """
    from aswiki.wiki import attaching

    say(run, attaching.attach(opened(run), record, files, asked(run), kind=kind, note=note))


def release(
    run: Run,
    record: Annotated[str, RECORD],
    to: Annotated[
        Text, typer.Option(metavar="READER", help=N_("customer_tech or customer_biz"))
    ] = None,
    field: Annotated[
        str, typer.Option(metavar="FIELD", help=N_("The section, if not the customer text"))
    ] = "customer_text",
) -> None:
    """Release a record's present words to a reader.

    The leave is bound to the text as it stands: once it is changed, it has to be released again.

        aswiki release oss-timeout --to customer_tech
        aswiki release oss-timeout --to 客户业务
    """
    from aswiki.wiki import releasing

    readers = ("customer_tech", "customer_biz")
    to = word_of(run, to, _("To which reader?"), "--to", "reader", only=readers)
    say(run, releasing.release(opened(run), record, asked(run), audience=to, field=field))


def rename(
    run: Run,
    record: Annotated[str, RECORD],
    slug: Annotated[Text, typer.Argument(metavar="SLUG", help=N_("a-z, 0-9 and -"))] = None,
) -> None:
    """Give a record another name.

    The file moves, the date in front stays, and the references in all front matters follow. Logs
    and prose stay as they were written. A customer keeps its slug.

        aswiki rename oss-timeout upload-timeouts-east
    """
    from aswiki.wiki import renaming

    slug = text_of(run, slug, _("What shall it be called (a-z, 0-9 and -)?"), "SLUG")
    say(run, renaming.rename(opened(run), record, slug, asked(run)))
