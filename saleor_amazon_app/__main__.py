"""The command line of the app."""

from saleor_amazon_app.entrypoints.cli import app


def main() -> None:
    """Runs `saleor-amazon`."""
    app()


if __name__ == "__main__":
    main()
