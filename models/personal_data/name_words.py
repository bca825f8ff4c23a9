"""Words that lead to a name, and capitalised words that are none; folded, in four languages."""

from __future__ import annotations

TITLES = (
    r"(?:p|pi|sl)\.|(?:mr|mrs|ms|mx|hr|pr|prl|dr|mudr|mvdr|mddr|judr|phdr|rndr|paeddr|ing|mgr|bc"
    r"|doc|prof|inz|lek|med|hab|csc|phd)(?![^\W_])\.?|(?:pan(?:i|ia|a|u|em|ie|e|ovi|ove|o|owie)?"
    r"|panstw(?:o|a|u|em)|slecn[aoyue]u?|miss|mister|messrs|sir|dame|harra(?:le|ga|t|lt|d)?"
    r"|proua(?:le|ga|t|lt|d)?|preili(?:le|ga|t|lt)?|professor|doktor|doctor)(?![^\W_])"
)
PLURAL_TITLES = frozenset({"panstwo", "panstwa", "panstwu", "panstwem"})
PLURAL_ENDINGS = ("scy", "ccy", "dzcy", "skich", "ckich", "skim", "ckim", "owie", "ow", "om", "ami")
"""Endings of a family's name after "państwo"."""
INTRODUCTIONS = (
    r"my (?:full )?name(?:'s| is| was)|the name(?:'s| is)|nazywam sie|mam na imie|na imie mam"
    r"|moje (?:imie i )?nazwisko (?:to|brzmi)|jmenuj[iu] se|(?:moje|me) jmeno(?: a prijmeni)? je"
    r"|(?:minu|mu) nimi on|(?<!its )name is|(?:olen|mina olen) nimega|under the name(?: of)?"
    r"|in the name of|booked under(?! the)|na nazwisko|na jmeno|pod jmenem|nimele|na prijmeni"
)
LABELS = (
    r"applicant|wnioskodawca|zadatel|taotleja|buyer|kupujacy|kupujici|ostja|tenant|najemca|najemce"
    r"|patient|pacjent|pacient|patsient|uzivatel|uzytkownik|kasutaja|user|dane|udaje|andmed"
    r"|details|pasazer|passenger|reisija|from|od|name|full name|imie i nazwisko|imie|nazwisko"
    r"|jmeno(?: a prijmeni)?|prijmeni|nimi|ees- ja perekonnanimi|perekonnanimi|kontakt|contact"
    r"|kontaktisik|kontaktni osoba|osoba kontaktowa|odbiorca|adresat|prijemce|recipient|saaja"
    r"|nadawca|odesilatel|sender|saatja|podpis(?:ano)?|signed|allkiri|zakaznik|customer|klient"
    r"|tellija|zamawiajacy|objednatel|guest|host|gosc"
)
SIGNATURES = (
    r"pozdrawiam(?: (?:serdecznie|cieplo|goraco))?|z powazaniem|z wyrazami szacunku|serdecznosci"
    r"|pozdrowienia|s pozdrav(?:em|om)|zdravim|(?<!na )zdravi|s uctou|z pozdrowieniami"
    r"|s pranim (?:hezkeho|pekneho|krasneho) dne|lgp|s pratelskym pozdravem|hezky den(?: preje)?"
    r"|lugupidamisega|parimat|parimate soovidega|tervitades|tervitustega|tervitusi|austusega"
    r"|heade soovidega|ette tanades|(?:kind|best|warm|many) (?:regards|wishes)|regards"
    r"|(?:yours )?sincerely|sincerely yours|yours (?:faithfully|truly)|cheers|all the best"
)
GREETINGS = (
    r"dear|hi|hello|hey|hi there|good (?:morning|afternoon|evening|day)|szanown[aey]|drog[ia]"
    r"|witam|witaj|czesc|hej|dzien dobry|dobry wieczor|dobry den|dobry vecer|ahoj|zdravim"
    r"|vazen[aey]|mil[aey]|tere|tere paevast|tervist|kallis|lugupeetud|austatud"
)
WEAK_INTRODUCTIONS = (
    r"i am|i'm|im|this is|it's|its|here is|jestem|z tej strony|pisze|kirjutab|pise|tu|tutaj|mowi"
    r"|tady|zde|ja jsem|jsem|u telefonu|siin|siinkohal|olen|mina|mu nimi|helistas|spoke to"
    r"|spoke with|speaking to|rozmawial[ae]?m z"
    r"|mluvil[a]? jsem s"
)
THANKS = r"thanks|thank you|many thanks|dzieki|dziekuje|dekuj[iu]|diky|aitah|tanan|tanades"

KIN = (
    r"maz|meza|mezowi|mezem|zon[aeyo]|zonie|syn(?:a|owi|em|ovi)?|cork[aei]|corce|matk[aeiuo]|matce"
    r"|ojcie?c|ojca|mam[aeyuo]|mamie|tat[aeyuo]|brat(?:a|r|ra|em)?|siostr[aey]|siostrze"
    r"|tesc(?:iowa|iowej|iowa)?|babci[aei]|dziad(?:ek|ka)|manzel(?:a|ka|ky|ce|em|kou)?|otec|otce"
    r"|dcer[aeu]|tchyne|tchan|kamarad(?:ka)?|abikaasa(?:le|ga)?|naine|naise|mees|mehe|poeg|poja"
    r"|tutar|tutre|ema|isa|vend|ode|sober|sobranna|kolleeg|husband|wife|son|daughter|mother|mum"
    r"|father|dad|brother|sister|partner(?:ka)?|friend|colleague|kolega|kolezank[aei]|kolegyne"
    r"|znajom[aey]|law|grandmother|grandfather|aunt|uncle|ciotk[aei]|wujek|tet[aey]"
)
"""What somebody is to the writer; a full name after it is a name."""
_ROLES = """
doktor doctor lekar kierow kurier kuryr ridic prodav sprzedaw recepc recept dyrektor reditel
manager menedz manazer konsultant operator technik ekspedient pielegniark sestr nauczyciel ucitel
profesor professor prezes president prezydent prezident minister ministr dorucov postak postman
driver courier director nurse teacher waiter kelner cisnik kasjer pokladni arst juht juhataj
bussijuht autojuht taksojuht kuller direktor teenindaj muuja opetaja klienditeenind ettekandj
proviisor apteka farmac lekarn mechani mehaanik magaz skladnik ochron ochrank turva security
inzynier inzenyr insener instruktor trener fryzjer kadernic juuksur majitel wlasciciel omanik
owner sekretar sekretark asystent asistent assistent assistant advisor adviser agent konsultent
konzultant monter serwisant servis hydraulik instalat paigaldaj premier redaktor soudc sedzi
advokat mecenas policist policjant pilot domov sprzat uklize korista cleaner sasiad soused naaber
klient zakazni burmistrz masaz menag parking barman kosmet starost wojewod posel posl szef boss
chef kuchar kokk barmen portier portyr sef rzecznik radn ksiadz ksied farar vedouc inspektor
kontrolor revizor pedagog psycholog
"""
ROLES = tuple(_ROLES.split())
"""Starts of words for what people do."""
_SURNAME_ENDINGS = """
ski skiego skiemu skim ska skiej cki ckiego ckiemu ckim cka ckiej sky skeho skemu ova ove ovou
wicz czyk
"""
SURNAME_ENDINGS = tuple(_SURNAME_ENDINGS.split())
"""A surname may begin like a role: Kucharski is no cook."""
_NOT_NAMES = """
pan pani pania pana panu panem panie panstwo panstwa panstwu pane panove slecna harra proua preili
hr mr mrs ms miss mx sir madam madame dr mudr judr ing mgr bc prof doc inz lek doctor i a w z o u
na do po za od ze ve ke ku se si s k v ja ty on ona my wy oni to ta te ten tak nie ne ano jo ze
ale bo czy jak co kto gdzie kiedy jest sa byl byla bylo mam ma nam was wam sie bardzo dziekuje
dziekuja prosze prosba jestem moj moja moje mnie ktory ktora tez juz jeszcze tylko niestety
dzisiaj dzis wczoraj wszystko wszystkim wszystkich caly cala zespol zespolu ekipa ekipie obsluga
obsludze firma firmy sklep sklepu sklepie oferta zamowienie zamowienia paczka paczki dom domu boze
bog bogu warszawy je jsem jste jsme jsou byl byla bylo ma mam mi me mne vas vam nas nam
moc dekuji dekuju diky prosim vsechno vsem cely tym tymu firma obchod objednavka zasilka zbozi
velmi dobry dobra den dobre jen uz ja on ei oli olen oled oleme mis kes kas kui aga ka ning et see
seda meie teie nende minu sinu palun aitah tanan vaga kogu koik koigile meeskond meeskonnale tiim
firma pood poe tere the a an and or of to in on at for from with by is was are were be been it its
this that these those he she they we you i your yours our my his her not no yes so but if when
where what who how why very thank thanks please all everyone everybody team there here again
regards best kind dear hello hi hey customer customers service services support care staff member
client manager sales help desk office department sent get from via ps order booking complaint
complaints re media mail airways airlines gas bank water energy group shop store stores express
mobile telecom insurance online home hotel hotels holidays travel guys folks ladies gentlemen
friends colleague colleagues company ltd plc sp spolka sro oy as ou men women google amazon
facebook apple samsung allegro alza ikea martens pepper oetker muscle proper beast bean
poland english polish czech estonian polska cesko eesti however did god jesus acting vice then
after before also just bardzo velmi vaga could would had has can do does nobody somebody
someone anyone everything nothing poniedzialek wtorek pondeli utery esmaspaev monday tuesday
wednesday thursday friday saturday sunday january february march april june july august september
october november december today yesterday
"""
NOT_NAMES = frozenset(_NOT_NAMES.split())
"""Words that are capitalised after a title or a greeting and name nobody, brands among them."""
_NOT_SMALL_NAMES = """
wrong spelled spelt misspelled missing still now also just written printed given known called only
never correct incorrect different unknown wrongly there nowhere niepoprawne bledne zle inaczej tak
spatne jinak spatny vale vigane kirjas puudu polsku cesku ale lub nebo voi
"""
NOT_SMALL_NAMES = frozenset(_NOT_SMALL_NAMES.split())
"""Small words that follow "my name is" and are no name."""
