"""Reports (*revues de veille*): made from the store, written as pages, e-mails and text, and sent by schedule."""
