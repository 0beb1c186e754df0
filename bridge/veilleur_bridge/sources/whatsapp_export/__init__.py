"""A chat that WhatsApp exported: a text file whose dates are written as the exporting phone's language writes them."""
