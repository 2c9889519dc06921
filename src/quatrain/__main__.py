"""`python -m quatrain`: the same as the command `quatrain`."""

from quatrain.cli import main

if __name__ == "__main__":
    main()
