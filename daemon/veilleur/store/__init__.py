"""The database: tables, migrations, the commit, and every read. Only here is SQLAlchemy known."""
