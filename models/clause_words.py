"""Words by which `models.clauses` knows a clause: what it is about and what it says, folded.

Subjects are what customers write of, in the nominative; qualities are what they say of it without
a verb. A stem ends in "-" and takes the language's endings. Precise rather than complete: a clause
of other words stays with its neighbour.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """One language's words.

    Attributes:
        subjects: nouns that a clause can be about.
        before: words that may stand before a subject.
        qualities: adjectives, participles and turns that say something of a subject.
        endings: of the stems among the qualities.
        verbs: patterns of verbs in the third person.
        own: patterns of verbs in the first person.
        subordinates: patterns of words that make a clause a part of another.
    """

    subjects: str
    before: str
    qualities: str
    endings: str
    verbs: str
    own: str
    subordinates: str


POLISH = ClauseWords(
    subjects="""obsluga personel kelner kelnerka kelnerzy kurier kurierka kurierzy dostawca
    kierowca konsultant konsultantka recepcja recepcjonistka lekarz lekarka pielegniarka
    pielegniarki technik monter serwisant sprzedawca sprzedawczyni kasjerka pani trener trenerka
    fryzjerka mechanik paczka paczki przesylka przesylki karton pudelko opakowanie zamowienie
    dostawa towar produkt produkty buty sukienka sprzet telefon laptop meble szafa stol krzesla
    lozko lozka materac jedzenie dania danie sniadanie sniadania obiad obiady kolacja kolacje zupa
    pizza kawa napoje porcja porcje menu deser desery mieso ryba piwo hotel pokoj pokoje lazienka
    lazienki basen plaza lokalizacja lokal restauracja wystroj atmosfera klimat parking wifi
    internet widok winda klimatyzacja posciel reczniki toaleta toalety cena ceny jakosc wybor
    oferta umowa faktura rachunek zwrot reklamacja kontakt infolinia aplikacja apka strona czat
    system kolejka kolejki termin terminy wizyta gabinet poczekalnia szatnia sala silownia zajecia
    kurs szkolenie instruktor auto samochod autobus pociag lot samolot bagaz komunikacja
    organizacja wykonanie montaz instrukcja dzwiek obraz bateria ekran zasieg""",
    before="ta ten te to sam sama nasz nasza moj moja ich jego jej wasz wasza cala caly",
    qualities="""mil- niemil- uprzejm- nieuprzejm- sympatyczn- fajn- szybk- powoln- opoznion-
    spoznion- rozbit- uszkodzon- zniszczon- pogniecion- zgniecion- zepsut- brudn- czyst- zimn-
    ciepl- goracy goraca gorace smaczn- pyszn- niesmaczn- drog- tani tania tanie wysok- nisk- duz-
    mal- ogromn- dobr- zl- slab- kiepsk- swietn- rewelacyjn- fataln- okropn- koszmarn- straszn-
    tragiczn- doskonal- idealn- wspanial- znakomit- przecietn- ladn- piekn- cudown- brzydk- cich-
    glosn- wygodn- niewygodn- star- now- nowoczesn- kompetentn- niekompetentn- profesjonaln-
    pomocn- cierpliw- chamsk- opryskliw- arogancki arogancka niegrzeczn- obojetn- usmiechniet-
    kompletn- niekompletn- cal- swiez- nieswiez- przestronn- ciasn- jasn- ciemn- prost-
    skomplikowan- przejrzyst- intuicyjn- uczciw- rzeteln- solidn- mokr- przemoczon- pekniet-
    polaman- porysowan- podart- rozdart- zgubion- zaginion- punktualn- niepunktualn- sprawn-
    fachow- terminow- dlug- krotk- przystepn- super ok okej spoko tragedia dramat porazka masakra
    rewelacja ekstra
    |w porzadku|do bani|bez zarzutu|na plus|na minus
    |na medal|na poziomie|na piatke|po terminie|na czas|za drogo""",
    endings="y|a|e|i|ie",
    verbs=r"nie \w{2,}|jest|sa|byl[aoyi]?|bedzie|dziala(?:ja)?|przyszedl|przyszl[aoy]|dotarl[aoy]?"
    r"|doszl[aoy]|doszedl|trwa(?:ja)?|kosztuje|wyglada(?:ja)?|smierdzi|ma|maja|pomogl[aiy]?"
    r"|przywiozl|przyniosl|zaginel[aoy]|wymaga|pozostawia|zawodzi|psuje sie|miesci sie"
    r"|(?!szpital|oddzial|material|festiwal|kanal|dzial|chwil|skal|personal)\w{3,}(?:al|il|yl)[aoyi]?",
    own=r"\w{2,}(?:lem|lam|lismy|lysmy)|jestem|jestesmy|mam|mamy|czekam|czekamy|polecam|polecamy",
    subordinates=r"ze|zeby|aby|kiedy|gdy|jesli|jezeli|gdyby|ktor\w+|bo|poniewaz|skoro|zanim|dopoki"
    r"|im|jak|gdzie|niz|choc\w*|mimo|powiedzi\w+|mowi\w*|twierdzi\w*|napisal\w*|oprocz|poza",
)
CZECH = ClauseWords(
    subjects="""obsluha personal cisnik servirka kuryr ridic dopravce operator operatorka recepce
    recepcni lekar lekarka doktor doktorka sestra sestry sestricka technik prodavac prodavacka
    prodavaci pokladni pani trener trenerka kadernice mechanik lektor lektorka balik baliky
    balicek zasilka zasilky krabice obal objednavka doruceni dodani doprava zbozi vyrobek vyrobky
    produkt boty saty telefon nabytek postel matrace skrin stul zidle jidlo jidla snidane vecere
    obed obedy polevka pizza kava pivo porce menu dezert dezerty maso ryba napoje hotel pokoj
    pokoje koupelna bazen plaz poloha lokalita restaurace prostredi atmosfera parkoviste parkovani
    wifi internet vyhled vytah klimatizace rucniky zachody toalety ubytovani cena ceny kvalita
    vyber nabidka smlouva faktura ucet reklamace kontakt infolinka linka aplikace web stranky chat
    platba system fronta fronty termin terminy cekarna ordinace satna posilovna lekce kurz skoleni
    prednaska auto vuz autobus vlak let letadlo zavazadlo komunikace organizace montaz navod zvuk
    obraz baterie displej pristup jednani""",
    before="ta ten to ty tento tato sam sama nas nase muj moje jejich jeho vas vase cela cely cele",
    qualities="""mil- ochotn- neochotn- prijemn- neprijemn- vstricn- pomal- rychl- rozbit-
    poskozen- znicen- pomackan- zmackan- zlomen- praskl- spinav- cist- studen- ledov- tepl- vlazn-
    hork- chutn- vyborn- vynikajici dobr- spatn- strasn- hrozn- skvel- uzasn- perfektn- prumern-
    drah- levn- vysok- nizk- velk- mal- obrovsk- krasn- hezk- oskliv- tich- hlucn- pohodln-
    nepohodln- star- nov- modern- kompetentn- nekompetentn- profesionaln- neprofesionaln- usmevav-
    protivn- arogantn- hrub- slusn- trpeliv- kompletn- nekompletn- cel- cerstv- prostorn- tesn-
    jednoduch- slozit- prehledn- neprehledn- intuitivn- promocen- mokr- porouchan- nefunkcn-
    zpozden- opozden- vcasn- presn- spolehliv- nespolehliv- bezproblemov- vadn- roztrhan- potrhan-
    odren- poskraban- presolen- pripalen- dlouh- kratk- prijateln- prizniv- super ok katastrofa
    hruza des tragedie parada spicka vcas pozde
    |v poradku|na jednicku|na vyborne|k nicemu|nic moc|bez problemu""",
    endings="y|a|e|i|ej",
    verbs=r"je|jsou|byl[aoyi]?|neni|nejsou|bude|stoji|trva|funguje|ma|maji|vypada|smrdi|chybi"
    r"|ne\w{2,}(?:l|la|lo|ly|li|je|ji|i|a)|prisel|prisl[aoy]|prijel[aoi]?|dorazil[aoy]?"
    r"|(?!hotel|personal|material|kanal|signal|detail|ucitel|majitel)\w{3,}(?:al|il|el|yl|ul)[aoyi]?",
    own=r"jsem|jsme|cekam|cekame|mam|mame|doporucuji|doporucuju|doporucujeme",
    subordinates=r"ze|aby|kdyz|kdyby|jestli|pokud|protoze|kter\w+|jak|nez|zatimco|ackoli\w?|prestoze"
    r"|jakmile|dokud|cim|nebot|kde|co|rekl\w*|tvrdil\w*|psal\w*|kdo|krome|vcetne",
)
ESTONIAN = ClauseWords(
    subjects="""teenindus klienditeenindus teenindaja teenindajad personal kelner ettekandja
    kuller kullerid bussijuht juht konsultant arst ode oed tehnik muuja muujad kassapidaja treener
    juuksur mehaanik koolitaja pakk pakid saadetis karp karbid pakend tellimus tarne kaup toode
    tooted kingad kleit telefon moobel voodi voodid madrats kapp laud toit toidud hommikusook
    louna ohtusook supp pitsa kohv olu portsjon portsjonid menuu magustoit magustoidud liha kala
    joogid hotell tuba toad vannituba bassein rand asukoht restoran ohkkond parkla parkimine wifi
    internet vaade lift konditsioneer voodipesu ratikud tualett tualetid hind hinnad kvaliteet
    valik pakkumine leping arve kontakt infoliin app rakendus koduleht veebileht makse susteem
    jarjekord jarjekorrad ooteaeg trenn trennid kursus koolitus loeng auto buss rong lend lennuk
    pagas suhtlus suhtlemine korraldus paigaldus juhend heli pilt aku ekraan levi""",
    before="see need meie minu mu nende tema teie kogu",
    qualities="""hea head halb halvad kehv kehvad aeglane aeglased kiire kiired viisakas viisakad
    ebaviisakas ebaviisakad sobralik sobralikud ebasobralik ebasobralikud tore toredad abivalmis
    meeldiv meeldivad ebameeldiv ebameeldivad katki katkine katkised kahjustatud purunenud marg
    marjad must mustad rapane puhas puhtad kulm kulmad soe soojad kuum kuumad leige maitsev
    maitsvad maitsetu kallis kallid odav odavad soodne soodsad korge korged madal madalad suur
    suured vaike vaikesed lai super suureparane suureparased imeline imelised kohutav kohutavad
    jube ilus ilusad kole vaikne larmakas mugav mugavad ebamugav ebamugavad vana vanad uus uued
    kaasaegne professionaalne professionaalsed asjatundlik asjatundlikud padev ebapadev osavotmatu
    ukskoikne uleolev uleolevad kannatlik terve terved varske varsked lihtne keeruline segane
    arusaadav usaldusvaarne tapne hilinenud muljutud rebenenud okei ok korras korralik korralikud
    keskmine puudulik olematu pikk pikad luhike tasemel mootav""",
    endings="",
    verbs=r"on|oli|olid|ei \w{2,}|pole|polnud|tuli|tulid|joudis|joudsid|jai|jaid|laks|saabus"
    r"|saabusid|hilines|toimis|toimib|tootas|tootab|vastas|aitas|puudub|puudus|vottis|maksis"
    r"|maksab|helistas"
    r"|kestis|kestab|tegi|sai|said|nagi|naeb|hakkas|unustas|lagunes|purunes|kadus|meeldis|maitses"
    r"|lohnas|haises|jattis",
    own=r"\w{3,}(?:sin|sime)|olen|oleme|ootan|ootame|soovitan|soovitame",
    subordinates=r"et|kui|kuna|sest|kes|mis|millal|kuigi|enne|kuni|nagu|mida|mille|kelle|kus|utle\w*"
    r"|vaiti\w*|kirjuta\w*|peale|lisaks",
)
ENGLISH = ClauseWords(
    subjects="""staff service food driver courier waiter waitress receptionist reception doctor
    doctors nurse nurses technician engineer manager agent cashier instructor parcel package box
    packaging order delivery item product shoes dress phone furniture sofa mattress breakfast
    lunch dinner meal soup pizza coffee beer portion portions menu dessert desserts meat fish
    drinks hotel room rooms bathroom pool beach location restaurant decor atmosphere parking wifi
    internet view lift bed beds towels toilets price prices quality choice selection contract
    invoice bill refund helpline app website site chat payment system queue queues wait
    appointment ward clinic gym class classes course lecture car bus train flight plane luggage
    communication organisation installation instructions sound picture battery screen signal""",
    before="the our my their your his her this that these those whole entire",
    qualities="""good bad great poor excellent terrible awful amazing lovely nice friendly
    unfriendly rude polite helpful unhelpful slow fast quick late broken damaged smashed crushed
    dirty clean filthy spotless cold warm hot lukewarm tasty delicious bland stale fresh expensive
    cheap overpriced reasonable fair high low big small tiny huge beautiful ugly quiet noisy loud
    comfortable uncomfortable old modern outdated professional unprofessional competent
    incompetent attentive arrogant patient intact incomplete complete missing easy confusing
    complicated reliable unreliable wet soaked torn scratched ok okay fine superb brilliant
    fantastic perfect horrible disgusting dreadful average mediocre limited super wonderful
    shocking long short""",
    endings="",
    verbs=r"is|are|was|were|has|had|isn't|wasn't|aren't|weren't|didn't|doesn't|never|took|takes|came"
    r"|comes|arrived|went|works|worked|keeps|kept|looks|looked|tasted|smelt|smelled|felt|seems|costs"
    r"|cost|left|got|lost|forgot|broke|crashes|crashed",
    own=r"(?:i|we)(?:'\w+)? \w+",
    subordinates=r"that|when|if|because|although|though|while|since|as|after|before|once|until|unless"
    r"|which|who|whose|where|than|whether|says?|said|told|like|including|plus|despite",
)
