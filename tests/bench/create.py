"""``python -m tests.bench.create URL NAME``: a database on that server, where there is none yet."""

import sys

import psycopg


def main(url, name):
    with psycopg.connect(url.replace("postgres://", "postgresql://"), autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            server.execute(f'CREATE DATABASE "{name}"')


if __name__ == "__main__":
    main(*sys.argv[1:])
