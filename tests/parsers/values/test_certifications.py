"""The class of the goods of a certification: parts are a firearm's only where the letter names one."""

from __future__ import annotations

import pytest

from parsers.record import Row
from parsers.values.certifications import Certification, records_of

DEFENSE = (
    "defense articles, including technical data, and defense services in the amount of $50,000,000 or more"
)
FIREARMS = "firearms, parts, and components controlled under Category I of the U.S. Munitions List"


@pytest.mark.parametrize(
    ("general", "goods", "weapon_class"),
    [
        (DEFENSE, "CH-47 components", "not_firearms"),
        (DEFENSE, "parts for the F-16", "not_firearms"),
        (DEFENSE, "F110-GE-129 engine components, technical data, and defense services", "not_firearms"),
        (DEFENSE, "parts and components for the AH-64 helicopter", "not_firearms"),
        (DEFENSE, "spare parts", "unknown"),
        (DEFENSE, "M134 gun mounts for UH-60 helicopters", "parts"),
        (DEFENSE, "30mm cannon components for the AH-64", "parts"),
        (DEFENSE, "M4 spare parts", "parts"),
        (DEFENSE, "rifle barrels and receivers", "parts"),
        (DEFENSE, "technical data for the manufacture of rifle barrels", "parts"),
        (FIREARMS, "parts and components", "parts"),
        ("firearm parts", "components", "parts"),
    ],
)
def test_parts_are_of_a_firearm_only_where_one_is_named(general: str, goods: str, weapon_class: str) -> None:
    statements = [f"a proposed license for the export of {general}", f"the export of {goods} to Mexico."]
    certification = Certification(" ".join(statements), [], None, None, statements=statements)
    [record] = records_of(Row(cells={}, row=1, text=statements[1]), certification)
    assert (record.destination_country, record.weapon_class.value) == ("MX", weapon_class)


def test_a_quantity_of_one_country_is_not_given_to_another() -> None:
    text = "the export of 500 5.56mm rifles to Guatemala and 250 40mm grenade launchers to Mexico."
    records = records_of(Row(cells={}, row=1, text=text), Certification(text, [], None, None))
    assert [(r.destination_country, r.quantity) for r in records] == [("GT", None), ("MX", None)]
    assert all("250 40mm grenade launchers" in (r.item_description or "") for r in records)
