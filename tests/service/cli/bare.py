"""The command line and nothing else, for tests of what it imports."""

from service.cli.main import main

if __name__ == "__main__":
    main()
