"""What leads a visitor to call, write or come."""

from leadgen_dagster_tests.scoring.checks.pairs import RESTAURANT, Pair, pair

PAIRS: dict[str, Pair] = {
    "conversion.menu_is_image": pair(
        "<a href='menu.jpg'>Menu</a>", "<a href='menu.html'>Menu</a>", **RESTAURANT
    ),
    "conversion.phone_not_clickable": pair(
        "<p>Tel. 0191 498 0101", "<a href='tel:01914980101'>0191 498 0101</a>"
    ),
}
