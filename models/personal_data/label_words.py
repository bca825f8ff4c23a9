"""Words that say what the number after them is, in four languages, folded, with their endings."""

from __future__ import annotations

from collections.abc import Mapping


def _words(*patterns: str) -> str:
    return "|".join(" ".join(patterns).split()).replace("_", " ").replace(r"\w", "[a-z]")


IDENTIFIERS: Mapping[str, str] = {
    "pesel": _words(r"pesel\w{0,3}"),
    "nip": _words(r"nip\w{0,2} numer\w{0,2}_identyfikacji_podatkowej"),
    "rodne_cislo": _words(r"rodn\w{1,3}_cisl\w{1,3} r\._?c\. rc birth_number"),
    "ico": _words(r"ico? i\._?c\.(?:_?o\.)? dic identifikacni_cislo"),
    "isikukood": _words(
        r"isikukood\w{0,4} isikukoodi\w{0,4} id[-_]?kood\w{0,3} ik",
        r"personal_(?:identification_)?(?:code|number)",
    ),
}
ORDER_NUMBER = _words(
    r"zamowieni\w{0,3} zam\.? faktur\w{0,3} fv rezerwacj\w{0,3} list\w{0,2}_przewozow\w{1,3}",
    r"objednav\w{0,4} obj\.? fa(?=_c[._]) rezervac\w{0,2} rez\.? variabiln\w{1,3}_symbol\w{0,3}",
    r"v\.?s\.?(?=_?:) tell\.? tellimus\w{0,9} tellimis\w{0,9} arve(?:d|t|te|l|le|lt|ga|s|st)?",
    r"arve?numb\w{0,4} broneering\w{0,9} saadetis\w{0,9} saatekood\w{0,2} viitenumb\w{0,4} orders?",
    r"ord\.? invoices? inv\.? bookings? reservations? confirmation reference ref\.? tracking",
    r"consignments? rma awb pnr",
)
WEAK_ORDER_NUMBER = _words(
    r"reklamacj\w{0,3} zgloszeni\w{0,3} przesyl\w{1,4} pacz(?:k\w{1,3}|ek) bilet\w{0,4}",
    r"paragon\w{0,3} transakcj\w{0,3} zwrot\w{0,2} spraw\w{0,2} szkod\w{0,2} wniosk\w{0,2}",
    r"reklamac\w{0,2} zasil\w{1,4} balik\w{0,2} jizden\w{1,3} vstupen\w{1,3} uctenk\w{0,2}",
    r"dobropis\w{0,2} pozadav\w{1,3} pripad\w{0,2} stiznost\w{0,2} dotaz\w{0,2} tiket\w{0,2}",
    r"udalost\w{0,2} kaebus\w{0,4} pak(?:k|i\w{0,8}) jalgimis\w{0,8} pilet\w{0,4}",
    r"pretensioon\w{0,4} poordumis\w{0,3} (?:kahju)?juhtum\w{0,3} tickets? cases? claims?",
    r"complaints? requests? incidents? returns? po parcels? packages? shipments? receipts?",
    r"transactions? enquiry quotes? quotation job file",
)
CUSTOMER_NUMBER = _words(
    r"umow\w{0,3} polis(?:a|y|e|ie|o|ami|ach)?",
    r"kart\w{1,3}_(?:stal\w{1,3}_klienta|lojalnosciow\w{1,3}|klienta|klubow\w{1,3}) smlouv\w{0,3}",
    r"smluv (?:zakaznick|klubov|vernostn|clensk)\w{1,3}_kart\w{1,3}",
    r"pojist(?:k\w{1,2}|n\w{1,3}_smlouv\w{1,2})",
    r"klien(?:di|t)(?:_?(?:numb\w{1,4}|nr|kood\w{0,2}|id)) leping\w{0,10} poliis\w{0,4}",
    r"(?:pusi)?kliendi\w{0,7} polic(?:y|ies) contracts? memberships?(?:_card)? loyalty(?:_card)?",
    r"accounts? acct\.? agreements?",
)
WEAK_CUSTOMER_NUMBER = _words(
    r"klien(?:t|ck)\w{0,4} abonent\w{0,3} kont(?:o|a|em|cie) uzytkownik\w{0,3} pacjent\w{0,3}",
    r"dow(?:od|odu)(?:_osobist\w{1,3})? paszport\w{0,2} licznik\w{0,2} zakazni\w{1,5} zak\.",
    r"klient\w{0,3} uctu ucet clensk\w{1,3} clen obcansk\w{1,3}_prukaz\w{0,2} pasu?",
    r"klien(?:t|di)\w{0,4} konto\w{0,3} liikme\w{0,6} kasutaja\w{0,6} passi? id-kaart",
    r"patsien\w{1,4} customers? clients? members? subscribers? subscriptions? users? passport",
    r"patient nhs meter",
)
NOTHING_PERSONAL = _words(
    r"regon krs registrikood\w{0,2} reg\._?(?:nr|kood)\.? kmkr\w{0,2} vat model\w{0,3} ean imei",
    r"kod(?:u|em|y|zie)? codes? kood\w{0,3} kupon\w{0,2} voucher\w{0,2} serial seryjn\w{1,3}",
    r"seriov\w{1,3} seeria\w{0,8} s/n sn sku artykul\w{0,2} produkt\w{0,3} katalogow\w{1,3} typ",
    r"typu tootekood\w{0,2} toote\w{0,6} product item articles?",
)
"""After these, digits are no telephone number and nothing else that is personal."""

MARKER = (
    r"(?<![^\W_])(?:numer\w{0,3}|nr|nro|no|num|numbers?|cisl\w{1,2}|c(?=[. ])|id|numb[re]\w{0,3}"
    r"|kood\w{0,2}|code|ref|reference)(?![^\W\d_])|[#№:=]"
)
_FILL = _words(
    r"numer\w{0,3} nr nro no num numbers? cisl\w{1,2} c(?=[._]) id numb[re]\w{0,3} code",
    r"kood\w{0,2} ref reference confirmation symbol is was to jest brzmi bylo je zni ma on oli pod",
    r"vat (?:o|z|ze|s|se|with|pod|the)(?=_(?:numer|nr|cisl|number|no|c\.)) moj\w{0,4} my muj meho",
    r"mojej klient\w{0,3} zakazni\w{1,4} zamowieni\w{0,2} card karty sprawy",
)
GAP = rf"(?>[ \n]|[.](?=[ \d:#])|[:=#№(\"'-]|(?<![^\W\d_])(?:{_FILL})(?![^\W\d_])){{0,12}}+"
MARKER_AHEAD = (
    r"(?: [^\W\d_]{1,16}){1,2},? \(?"
    r"(?:nr|no|numer\w{0,3}|cisl\w{1,2}|c|number|id|numbriga)[ .:#]{1,3}"
)
"""A word or two and then a marker, as in "faktura korygująca nr 12/2024"."""
COPULA_AHEAD = r"(?: [^\W\d_]{1,16}){1,4} (?:to|jest|is|je|on|brzmi|zni)[ :]{1,2}"
"""A few words that end in "is", as in "my order number with you is"."""
UNITS = (
    r" ?(?:zl|pln|kc|czk|eur\w{0,4}|gbp|usd|pounds?|[€£$%]|szt\w{0,4}|ks|kusu|tk|kg|g|ml|l|km|cm|mm"
    r"|osob\w{0,2}|lidi|inimes\w{0,3}|people|items?|pcs|pieces|units?|dni|dnu|paev\w{0,2}|days?"
    r"|m|h|hod\w{0,3}|godz\w{0,3}|hours?|min\w{0,4}|tys\w{0,4}|korun\w{0,2}|zlot\w{0,4}"
    r"|razy|krat|korda)"
    r"(?![^\W_])|[.,]\d|:\d"
)
"""What is counted: a number before one of these is an amount."""

ANY_NUMBER = (
    r"(?:numer[a-z]{0,2}|nr|cislo|number) [a-z]{3,15} (?=[a-z]{0,3}[0-9]{8})"
    r"|(?:nr|no(?=[. ]{1,2}[a-z0-9])|numer|c(?=\. ?)|cislo|number|id|ref)[ .:#]{1,3}|#"
)
"""Signs of a number whose noun is not known; a noun may follow where the number is very long."""
NOT_ITS_NUMBER = _words(
    r"bus\w{0,2} autobus\w{0,2} tram\w{0,3} tramwaj\w{0,3} tramvaj\w{0,2} lini\w{0,2} linka",
    r"lot\w{0,3} flight let\w{0,2} lend\w{0,1} train pociag\w{0,2} vlak\w{0,2} rong\w{0,1} room",
    r"pok\w{1,4} tub\w{1,2} page stron\w{1,2} stran\w{1,2} lk gate platform peron\w{0,2}",
    r"sklep\w{0,2} prodejn\w{1,2} pood\w{0,2} store shop kas\w{1,2} till paczkomat\w{0,2}",
    r"pakiautomaa?t\w{0,2} locker box license licencj\w{0,2} ustaw\w{0,2} zakon\w{0,2}",
    r"seadus\w{0,2}",
)
"""What has a number that says nothing of the customer."""
