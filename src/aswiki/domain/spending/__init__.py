"""What a customer spends: months, swings and the week, and the page that holds them."""
