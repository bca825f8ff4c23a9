"""Words that make a name and a number an address, folded, in the forms of four countries."""

from __future__ import annotations

STREET_BEFORE_ANY_CASE = (
    r"ul\.|ul(?= )|ulic[aey](?= [a-z]{2,20}(?:wa|wej|ska|skiej|cka|ckiej|na|nej|ego|ga|giej|ka"
    r"|kiej) \Z)"
)
"""After these a street may be written in small letters."""
STREET_BEFORE = (
    r"ulic[a-z]{1,3}|al\.|al|alej[a-z]{1,2}|os\.|os|osiedl[a-z]{1,2}|pl\.|pl|plac[a-z]{0,2}"
    r"|rond[a-z]{1,2}|skwer[a-z]{0,2}|bulwar[a-z]{0,2}|nam\.|namest[a-z]{1,2}|tr\.|trid[a-z]{1,2}"
    r"|nabr\.|nabrez[a-z]{1,2}|sidl\.|sidlist[a-z]{1,2}"
)
STREET_AFTER = (
    r"ulic[a-z]|trid[a-z]|namest[a-z]{1,2}|nabrez[a-z]{1,2}|mnt\.?|maantee[a-z]{0,2}|tn\.?"
    r"|tanav(?:a|al|ale|alt|as|ast)?|pst\.?|puiestee[a-z]{0,2}|tee[lt]?|allee|plats[a-z]{0,3}|poik"
    r"|kallas|vaevaeljak|valjak|aed|str\.?|strasse|tr\.|nam\.|ul\."
)
STREET_ENGLISH_ANY_CASE = r"street|road|avenue|lane|crescent|terrace"
STREET_ENGLISH = (
    r"Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Way|Place|Pl|Terrace|Crescent"
    r"|Gardens|Grove|Square|Sq|Park|Hill|Mews|Row|Walk|Green|Parade|Rise|View|Yard|Quay|Wharf"
    r"|Boulevard|Blvd|Gate|Broadway|Vale|Circus|Embankment"
)
STREET_ENDINGS = ("ska", "cka", "skiej", "ckiej", "ova", "owa", "owej", "ove")
"""A street's name with one of these needs no word for a street before a number like 1234/56."""
NOT_IN_A_STREET = r"the|a|an|of|to|in|on|and|or|for|from|my|your|this|that|is|was|down|up"
LIVES = (
    r"(?:adres[a-z]{0,4}|(?:za)?mieszka[a-z]{0,5}|bydl[a-z]{1,5}|bydlist[a-z]{1,2}|elan|elame"
    r"|elukoht|aadress[a-z]{0,2}|address|live|lives|living|dorucen[a-z]{0,2}|doruceni|dostaw[a-z]"
    r"|deliver(?:y|ed)?|kohaletoimetami[a-z]{1,3}|wyslan[a-z]|dodani|dom(?:em|u|ku)?|kodu|home"
    r"|blok[a-z]{0,2}|budyn[a-z]{1,4}|kamienic[a-z]|bytem"
    r"|trval[a-z]{1,2} pobyt[a-z]{0,2})(?: (?:to|jest|na|przy|pod|w|ve?|je|on|is|at|in|do|zni"
    r"|korespondencyjny|dorucovaci|zamieszkania|dostawy|ulici|aadressil|asub)(?! ?:)){0,3}:?"
)
"""What stands before a street where somebody lives or gets parcels."""
NOT_A_STREET = (
    r"byt|dum|dom|korter|flat|house|terminal[a-z]{0,2}|gate|bramka|room|platform|floor|poko[jiey]{1,2}|stul|stolik"
    r"|hotel[a-z]{0,2}|sklep[a-z]{0,2}|paczkomat[a-z]{0,2}|iphone|ipad|galaxy|android|ios|windows"
    r"|samsung|xiaomi|playstation|xbox|model[a-z]{0,2}|styczn[a-z]{1,2}|lut[a-z]{1,3}"
    r"|marc[a-z]{1,2}|kwiet[a-z]{1,3}|lip(?:iec|ca)|sierp[a-z]{1,3}|wrze[a-z]{2,4}|(?:ponie"
    r"|pon)d?z?[a-z]{0,6}|wtor[a-z]{1,2}|srod[a-z]|czwart[a-z]{1,2}|piat[a-z]{1,2}|sobot[a-z]"
    r"|niedziel[a-z]|pondel[a-z]{1,2}|uter[a-z]{1,2}|stred[a-z]|ctvrt[a-z]{1,2}|pat[a-z]{1,2}"
    r"|nedel[a-z]|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june"
    r"|july|august|september|october|november|december|(?:esmas|teisi|kolma|nelja)paev[a-z]{0,2}"
    r"|reede[a-z]{0,2}|laupaev[a-z]{0,2}|puhapaev[a-z]{0,2}|jaanuar[a-z]{0,3}|veebruar[a-z]{0,3}"
    r"|marts[a-z]{0,3}|aprill[a-z]{0,2}|juuni[a-z]{0,2}|juuli[a-z]{0,2}|day|star|wheel|hour|hours"
    r"|minutes?|miles?|years?|times|mieszka[a-z]{0,3}|bydli[a-z]{0,2}|elan|adres[a-z]{0,2}|aadress"
    r"|address|moj|muj|minu|my|live|palun|ara|kurier[a-z]{0,2}|kuryr|kuller|autobus[a-z]{0,2}|bus"
    r"|buss|tramwaj|tramvaj|pociag|vlak|rong|lot|let|lend|flight|train|linia|linka|tesco|lidl|top"
    r"|super|level|part|version|wersja|verze|versioon|ponad|okolo|asi|tylko|jen|ainult|only|about"
    r"|tellimus[a-z]{0,2}|order|objednavka|zamowienie|ma|dostawa|doruceni|deliver|delivery|proszę"
    r"|prosze|prosim|kontakt|contact"
)
"""Capitalised words and first words of a sentence before a number that is no house's."""
UNITS = (
    r" ?(?:(?:zl|pln|kc|czk|eur[a-z]{0,4})(?![a-z])|[€£%°])| (?:osob|os\.|lidi|inimes|people"
    r"|min(?:ut)?(?![a-z]{6})|godz|hodin|tund|hour|day|dni|dn[iuey]|paev|razy?(?![a-z])|krat|korda"
    r"|times|lat(?![a-z])|let(?![a-z])|rok|aasta|year|miesi|mesic|kuu|month|tyg|tydn|nadal|week"
    r"|metr|m(?![a-z.])|km|aut|auto|samochod|szt|ks(?![a-z])|tk|gwiazd|hvezd|tarn|star|punkt"
    r"|bod[uy]|sklep|waszych|vasich|teie|pan(?:i|ow)|kus[uy]|eks|pak)"
)
CITIES = """
    warszawa warszawie krakow krakowie lodz lodzi wroclaw wroclawiu poznan poznaniu gdansk
    gdansku gdynia gdyni szczecin szczecinie bydgoszcz bydgoszczy lublin lublinie bialystok
    bialymstoku katowice katowicach czestochowa radom torun toruniu sosnowiec kielce rzeszow
    rzeszowie gliwice zabrze olsztyn olsztynie bielsko opole sopot tychy praha praze
    brno brne ostrava ostrave plzen plzni liberec liberci olomouc olomouci hradec pardubice zlin
    usti kladno most karvina opava jihlava teplice ceske frydek tallinn tallinna tallinnas tartu
    tartus narva narvas parnu parnus viljandi rakvere kuressaare haapsalu johvi voru valga paide
    rapla maardu sillamae keila kohtla-jarve london manchester birmingham leeds bristol
    liverpool sheffield glasgow edinburgh cardiff belfast newcastle nottingham leicester york
    oxford cambridge brighton dublin southampton reading
"""
"""Large towns, as they are named and as one is "in" them."""
