"""What letters to Congress speak of: goods, countries, users and firms, each with the cells it stands for.

The wordings are this project's own, after the statutory phrases; the cells are written beside each wording.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Goods:
    """Goods as printed; the class and the number of pieces where the words leave no choice."""

    text: str
    weapon_class: str | None = None
    quantity: int | None = None


@dataclass(frozen=True)
class Places:
    """Destinations as a sentence prints them, with their ISO codes in the order printed."""

    text: str
    codes: tuple[str, ...]


FIREARMS = (
    Goods("5.56mm automatic rifles", "automatic_rifles_smgs"),
    Goods("1,500 M4 5.56mm semi-automatic rifles", "rifles_carbines", 1500),
    Goods("5.56mm semi-automatic rifles, M4, quantity 1,500", "rifles_carbines", 1500),
    Goods("9mm semi-automatic pistols", "pistols_revolvers"),
    Goods("two thousand (2,000) .45 caliber pistols", "pistols_revolvers", 2000),
    Goods("9x19mm submachine guns", "automatic_rifles_smgs"),
    Goods("bolt-action sniper rifles in caliber .308 Winchester", "rifles_carbines"),
    Goods("M134 7.62mm Miniguns (quantity: 12)", "machine_guns", 12),
    Goods("M240B 7.62mm machine guns", "machine_guns"),
    Goods("250 .50 caliber M2HB machine guns", "machine_guns", 250),
    Goods("fully automatic 5.56mm carbines", "automatic_rifles_smgs"),
    Goods("12-gauge pump-action shotguns", "shotguns"),
    Goods("40mm under-barrel grenade launchers", "launchers"),
    Goods("sound suppressors", "suppressors"),
    Goods("7,500 5.56x45mm semi-automatic carbines", "rifles_carbines", 7500),
    Goods("semi-automatic pistols, 9mm and .40 caliber", "pistols_revolvers"),
    Goods("5.56mm and 7.62mm ball ammunition", "ammunition"),
    Goods("selective-fire rifles", "automatic_rifles_smgs"),
    Goods("MPX 9mm submachine guns, P320 9mm pistols, magazines, and spare parts"),
    Goods(".50 caliber bolt action rifles and spare barrels"),
    Goods("500 MCX rifles (5.56mm, automatic) and 500 sound suppressors"),
)
"""Goods of category I and their neighbours."""

OTHER_GOODS = (
    Goods("defense articles, including technical data, and defense services for the F110 engine"),
    Goods("spare parts, components, and technical data for C-130J transport aircraft"),
    Goods("AN/PVS-14 night vision devices and accessories"),
    Goods("one commercial communications satellite and its launch services"),
    Goods("technical data and assistance for the assembly of T700 engine components"),
    Goods("hardware and defense services to support depot-level maintenance of AH-64 helicopters"),
    Goods("military radios, encryption modules, and ancillary equipment"),
)

ONE = (
    Places("Mexico", ("MX",)),
    Places("Mexico", ("MX",)),
    Places("the United Mexican States", ("MX",)),
    Places("Canada", ("CA",)),
    Places("the United Arab Emirates", ("AE",)),
    Places("the Republic of Korea", ("KR",)),
    Places("the United Kingdom", ("GB",)),
    Places("the Kingdom of Saudi Arabia", ("SA",)),
    Places("Saudi Arabia", ("SA",)),
    Places("Israel", ("IL",)),
    Places("Colombia", ("CO",)),
    Places("the Philippines", ("PH",)),
    Places("Trinidad and Tobago", ("TT",)),
    Places("Bosnia and Herzegovina", ("BA",)),
    Places("Turkey", ("TR",)),
    Places("Taiwan", ("TW",)),
    Places("Brazil", ("BR",)),
    Places("Georgia", ("GE",)),
    Places("Jordan", ("JO",)),
    Places("El Salvador", ("SV",)),
    Places("Papua New Guinea", ("PG",)),
    Places("the Dominican Republic", ("DO",)),
    Places("New Zealand", ("NZ",)),
    Places("the Netherlands", ("NL",)),
    Places("Oman", ("OM",)),
)

MANY = (
    Places("Canada, Mexico, and the United Kingdom", ("CA", "MX", "GB")),
    Places("Mexico and Colombia", ("MX", "CO")),
    Places("Bosnia and Herzegovina and Trinidad and Tobago", ("BA", "TT")),
    Places("Australia, France, Germany, Italy, and Japan", ("AU", "FR", "DE", "IT", "JP")),
    Places("the United Kingdom, the Netherlands, and the Republic of Korea", ("GB", "NL", "KR")),
    Places("Guatemala, Honduras, El Salvador and Mexico", ("GT", "HN", "SV", "MX")),
    Places("Norway and Sweden", ("NO", "SE")),
    Places("India, Israel, and the United Arab Emirates", ("IN", "IL", "AE")),
)

USERS = {
    "MX": (
        "Mexican Navy (SEMAR)",
        "Secretariat of National Defense",
        "Secretariat of the Navy (SEMAR)",
        "Mexican Federal Police",
        "Mexican Army and Air Force",
        "State Police of Tamaulipas",
        "Guardia Nacional",
        "Attorney General's Office",
        "Government of Mexico",
        "Mexican National Guard",
        "Secretariat of Public Security of the State of Puebla",
    ),
    "CA": ("Canadian Armed Forces", "Royal Canadian Mounted Police"),
    "AE": ("United Arab Emirates Armed Forces", "Presidential Guard"),
    "KR": ("Republic of Korea Navy",),
    "GB": ("United Kingdom Ministry of Defence",),
    "SA": ("Saudi Arabian National Guard", "Royal Saudi Land Forces"),
    "IL": ("Israel National Police", "Israeli Ministry of Defense"),
    "CO": ("Colombian National Police", "Colombian Navy"),
    "PH": ("Philippine National Police",),
    "TT": ("Trinidad and Tobago Police Service",),
    "BA": ("Ministry of Security",),
    "TR": ("Turkish National Police",),
    "TW": ("National Police Agency",),
    "BR": ("Military Police of the State of Sao Paulo",),
    "GE": ("Ministry of Internal Affairs",),
    "JO": ("Jordan Armed Forces",),
    "SV": ("National Civil Police",),
    "PG": ("Royal Papua New Guinea Constabulary",),
    "DO": ("Dominican Navy",),
    "NZ": ("New Zealand Defence Force",),
    "NL": ("Royal Netherlands Army",),
    "OM": ("Royal Oman Police", "Sultan's Special Force"),
}

FIRMS = {
    "MX": ("Comercializadora de Defensa S.A. de C.V.", "Grupo Ejemplo de Armas"),
    "CA": ("Northern Tactical Supply Inc.", "Maple Defence Ltd."),
    "IL": ("M.R.D. Example Investments Ltd",),
    "AE": ("Caracal Example International LLC", "Desert Trading Establishment"),
    "SA": ("Military Industries Example Company",),
    "CO": ("Indumil Example S.A.",),
    "GB": ("Example Arms (UK) plc",),
}

EXPORTERS = (
    "Example Arms Inc.",
    "Granite State Firearms, Inc.",
    "Colonel's Manufacturing Company LLC",
    "FN Sample America, LLC",
)

TRAPS = (
    "The rifles will be tested at White Sands, New Mexico before shipment.",
    "Final assembly takes place in Mexico, Missouri.",
    "The equipment will serve patrols in the Gulf of Mexico.",
    "The manufacturing facility is located in Las Cruces, New Mexico, and Columbus, Georgia.",
    "Training will be held in Panama City, Florida and in Lebanon, New Hampshire.",
    "The freight forwarder is in Mexico, New York.",
)
"""Sentences that name places which are no destination; none may add Mexico or any other country."""
