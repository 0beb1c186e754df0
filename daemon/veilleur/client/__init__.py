"""A typed client of the API: the records of `veilleur.model`, asked of a server elsewhere."""

from veilleur.client.connection import Client as Client
from veilleur.client.transport import Patience as Patience
