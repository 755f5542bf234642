"""The hands: each touches one outside thing and knows no other hand."""
