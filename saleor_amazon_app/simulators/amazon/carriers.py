"""The carriers the simulated Amazon takes a parcel for; any other one is `Other` with its name.

Source: the carrier codes of Amazon's feed schemas (amzn-base.xsd), those still in use, read
2026-11-20.
"""

OTHER = "Other"
CARRIER_CODES = frozenset(
    """
    4PX|APC Overnight|AT POST|AUSSIE_POST|Amazon Shipping|Aramex|Aras Kargo|Arco Spedizioni|Asendia
    Australia Post|BPOST|BRT|Best Express|BlueDart|CEVA|CNE|CTTExpress|Canada Post|China Post
    Chronopost|Colis Prive|Colissimo|Correios|Correos|Correos Express|CouriersPlease|DACHSER
    DB Schenker|DHL|DHL Express|DHL Freight|DHL Global Mail|DHL Home Delivery|DHL eCommerce
    DHL-Paket|DPD|DPD Local|DSV|DTDC|DX|Delhivery|Deutsche Post|Ecom Express|Emirates Post|Envialia
    Estafeta|Estes|FERCAM|Fastway|FedEx|FedEx SmartPost|Fedex Freight|France Express|GEL Express
    GLS|GO!|Gati|Geodis Calberson|Heppner|Hermes|Hermes Einrichtungsservice
    Hermes Logistik Gruppe|Hongkong Post|InPost|India Post|JP_EXPRESS|Japan Post|Jersey Post
    Kuehne+Nagel|La Poste|Landmark Global|Lasership|MNG Kargo|MRW|Mondial Relay|NACEX|Newgistics
    Nexive|Ninjavan|NipponExpress|OSM|Old Dominion|OnTrac|Other|PTT Kargo|PUROLATOR|Palletways
    Parcelforce|Pilot Freight|Polish Post|Post NL|PostNord|Poste Italiane|R+L|Rhenus|Roadrunner
    Royal Mail|SDA|SF Express|SagawaExpress|Saia|Seino|Self Delivery|Sendcloud|Sendle|Seur
    Singapore Post|Speedex|Spring GDS|StarTrack-ArticleID|StarTrack-Consignment|Streamlite
    Swiss post|TIPSA|TNT|Target|Toll Global Express|Total Express|Tourline|Trans-o-Flex|Tuffnells
    UK MAIL|UPS|UPS Freight|UPS Mail Innovations|USPS|WINIT|Whistl|XPO Freight|Xpressbees
    YTO Express|YamatoTransport|Yanwen|Yodel|Yun Express|Yunda Express|ZTO Express|Zeleris
    """.strip()
    .replace("\n    ", "|")
    .split("|")
)
