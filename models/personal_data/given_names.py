"""Frequent first names of the four languages, known in all their grammatical cases."""

from __future__ import annotations

_NAMES = """
aaron abigail adam adela adrian agata agnieszka ahmed ahto aidan ain aino aivar alan albert
aleksander aleksandra aleksei alena alex alexander alexandra ali alice alicja alison alois alzbeta
amanda amber amelia amy ana anastazja andrea andres andrew andrii andrus andrzej aneta angela
aniela anita ann anna anneli annie anthony antoni antonin antonina ants apolonia april arabella
archie argo arkadiusz arthur artur arvo ashley ats audrey austin barbara barbora barry bartlomiej
bartosz beata beatrice becky bedrich ben benjamin bernard beth betty blanka bogdan bogumila
boguslaw bohumil borys bozena bradley brandon brenda brian bridget bronislaw bruce bruno callum
cameron carl carmen carol caroline catherine cecilia cestmir cezary charlene charles charlie
charlotte chloe chris christian christina christine christopher claire clare clive colin connor
courtney craig cynthia dagmar daisy dalibor damian damien dana daniel danuta darcy dariusz darren
darryl dave david dawid dawn dean debbie deborah declan denisa denise dennis derek diana diane
dita dmytro dominic dominik dominika donald donna doris dorota dorothy douglas drahomira duncan
dylan edith eduard edward edwin edyta eero eha eileen elaine eleanor elena elise eliska elizabeth
ella ellen ellie elsie elzbieta ema emil emilia emily emma ene enn epp eric erica erin erki esther
ethan eugene eugeniusz eva evan eve evelin evelyn evie ewa ewelina faith fatima felicity feliks
felix filip fiona florence frances francis franciszek franek frank frantisek fred freddie freya
gabriela gareth gary gavin gemma geoffrey george georgia georgina gerald gerard gillian gina glen
gloria gordon grace gracjan graham grant grazyna greg grzegorz gustaw gwen halina hana hanna
hannah hannes hardi harriet harry hayley hazel heather heiki helen helena heli helle henry henryk
hieronim hilary hillar hille holly hope howard hubert hugh hugo hynek ian ibrahim ignac ignacy
igor illimar ilona imbi imogen indrek ingrid irena ireneusz irina isaac isabel isabella isabelle
isla iva ivan ivana iveta ivo ivona ivy iwona izabela jaak jaan jaana jacek jachym jack jackie
jacob jade jadwiga jake jakub james jamie jan jana jane janek janet janice janina janne janusz
jarmil jarmila jaroslava jaroslaw jasmine jason jasper jay jean jeffrey jelena jennifer jenny
jeremi jeremy jerzy jessica jessie jill jim jindrich jiri jirina joachim joan joanna joanne jodie
joe johana johanna john johnny jolanta jon jonathan jordan josef joseph josephine josh joshua
josie joyce jozef judith juhan julia julian julie juliet julita juri justyna juta kaarel kacper
kadi kadri kai kaido kaie kairi kaja kajetan kalev kalina kalju kalle kamil kamila kara karel
karen karin karl karol karoliine karolina kasia katarzyna kate katerina katherine kathleen kati
katie katrin kazimierz keith kelly ken kenneth kerry kersti kert kevin kim kinga kirsten kirsty
klara klaudia konrad kornelia krista kristel kristi kristiina kristina kristjan kristo kristyna
krystof krystyna krzysztof kulli kveta kyle ladislav laine lara laur laura lauren laurence lauri
lea leah lech lee leho lembit lena lenka leo leon leonard leos leslie leszek lewis liam libuse
liina liis liisa liliana lily linda lisa lisette liz lloyd lola lorna lorraine louis louise
lubomir lubos lucas lucie lucja lucy lucyna ludmila ludwik lukas lukasz luke lumir luule lydia
lynn maarika maarja mabel maciej madis magdalena mai maie maisie mait maksymilian malcolm
malgorzata mall marcel marcela marcelina marcin marcus mare marek margaret margit margus mari
maria marian marie marika mariola marion mariusz marje marjorie marju mark marketa marko markus
mart marta marten martha martin martina martti martyna mary marzena matej mateusz mati matt
matthew matyas maureen maurice max maya meeli meelis megan melanie melissa merike merle mia
michael michaela michal michalina michelle mieczyslaw mihkel mike mikolaj mikulas milan milena
miles millie milos miloslav mirella miriam miroslava miroslaw mohammed molly monica monika moonika
morgan muhammad nadia nadine nancy naomi natalia natalie natalja natasha nathan nathaniel neil
nela nicholas nick nicola nigel nikol nikola nina noah nora norbert norman oksana oktawia olaf
oldrich oleg olena olev olga oliver olivia oliwia ondrej oscar oskar otakar owen pamela pat
patricia patrick patrik patrycja patryk paul paulina pauline pavel pavla pavlina pawel peep peeter
penelope penny perry peter petr petra phil philip phoebe piia pille piotr piret pola polly priit
priya przemyslaw rachel radek radim radka radoslaw rafael rafal rain raivo raj ralph rasmus raul
ravi raymond rebecca reece reet reginald rein renata rene rhys richard ricky rico riina rita rob
robert roberta robin rodney roger roksana roman ronald rory rose rosemary rosie ross rostislav
rowan roy rozalie rupert russell ruth ruzena ryan ryszard sabina sadie sally sam samantha samuel
sander sandra sanjay sara sarah sarka scott sean sebastian sergei seth shane shannon sharon shaun
sheila sheryl shirley sian sidney signe siim siiri simon simona siobhan sirje slawomir sofia sofie
sonia sophia sophie spencer stacey stanislava stanislaw stanley stefan stella stepan stephan
stephanie stephen steve steven stewart stuart sue susan suzanna suzanne svetlana sylvester sylvia
sylwia szymon taavet taavi tabitha tadeas tadeus tadeusz taimi tanel tara tarmo tatjana ted teodor
terence teresa tereza terje terry tessa thaddeus theo theresa thomas tibor tiia tiina tiit tim
timothy tina tobias toby tom tomas tomasz tonis tonu tony toomas tracey tracy trevor triin tymon
tymoteusz udo uku ulle ulo urmas ursula urszula urve vaclav valerie vanessa vello vendula vera
verity veronika vicky victor victoria viivi viktor vilem villu vincent violet virginia virve vit
vivian vladimir vladislava vlasta vojtech waldemar walter wanda wayne wendy wesley wieslaw
wieslawa wiktor wiktoria wilfred will william winston wioletta witold wladyslaw wlodzimierz
wojciech yasmin ylle yusuf yvonne zachary zara zbigniew zbynek zdena zdenek zdzislaw zenon zita
zlata zoe zofia zoja zora zuzana zuzanna zygmunt zyta
"""
_FAMILIAR = """
asia ania bartek basia bill billy bob bobby gosia honza jarka jirka jurek kuba maciek
ola pepa piotrek tomek tonda wojtek zosia zuzia zuzka
"""
"""Short forms, too like other words to be names where nobody is called by them."""
_VOWELS = "aeiouy"
_LONGEST_ENDING = 4
_SHORTEST_STEM = 3


def _stem(name: str) -> str:
    stem = name.rstrip(_VOWELS)
    return stem if len(stem) >= _SHORTEST_STEM else name[: max(_SHORTEST_STEM, len(stem))]


_FIRST_NAMES = frozenset(_NAMES.split())
_STEMS = frozenset(map(_stem, _NAMES.split()))
_CALLED_STEMS = _STEMS | frozenset(map(_stem, _FAMILIAR.split()))


def is_given_name(word: str) -> bool:
    """Whether a folded word is a first name or one with an ending ("annie", "petru", "jaanile")."""
    longest = len(word)
    return any(
        word[:end] in _STEMS
        for end in range(longest, max(_SHORTEST_STEM, longest - _LONGEST_ENDING) - 1, -1)
    )


def is_called(word: str) -> bool:
    """Whether a folded word is a first name as somebody is called by it ("petre", "marku", "bob").

    It ends as names do in the vocative and the nominative, so that fewer other words are taken for
    names than in `is_given_name`.
    """
    with_e = f"{word[:-2]}ek" if word.endswith("ku") else word  # Tomek is called "Tomku"
    return _stem(word) in _CALLED_STEMS or with_e in _CALLED_STEMS


def is_first_name(word: str) -> bool:
    """Whether a folded word is a first name as somebody signs with it, in the nominative."""
    return word in _FIRST_NAMES or f"{word}a" in _FIRST_NAMES  # Jaroslav stands as Jaroslava
