"""What the words around a name tell: who is titled, related, called or speaks, and what names a street or a school."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from service.domain.deidentify.vocabulary import PASSED, TERM, Vocabulary, these

TITLE, MISTER, KIN, CALLED, FUNCTION, STREET, ORGANISATION, TAIL = 64, 128, 256, 512, 1024, 2048, 4096, 8192
FAMILY = 1 << 22
LETTERED, SAYS, DOES, TOWARDS, AT, GENERIC, BODY = 16384, 32768, 65536, 131072, 262144, 524288, 1048576

_WORDS = {
    FAMILY: """
        uncle aunt auntie aunty nan nana nanna nanny gran granny grandma grandad granddad grandpa big little lil
        young
        """,
    MISTER: "mr mrs ms miss mx messrs",
    TITLE: """
        mr mrs ms miss mx messrs dr doctor prof professor sir lady lord dame rev reverend fr father pastor imam
        rabbi sheikh cllr councillor ds dc pc di dci ps pcso sgt sergeant insp inspector det detective constable
        supt judge nurse coach sister brother matron uncle aunt auntie aunty nan nana nanna nanny gran granny
        grandma grandad granddad grandpa mama baba
        """,
    KIN: """
        mum mam mother dad father sister brother sis bro cousin uncle aunt auntie aunty nan nana nanna gran granny
        grandma grandad granddad grandmother grandfather stepdad stepmum stepfather stepmother stepbrother
        stepsister niece nephew son daughter wife husband partner boyfriend girlfriend bf gf ex fiance mate mates
        friend friends bestie pal peer twin baby sibling siblings brothers sisters cousins worker manager teacher
        headteacher tutor mentor nurse officer solicitor barrister foster carer carers iro guardian advocate
        practitioner keyworker counsellor therapist psychologist psychiatrist doctor gp landlord neighbour
        neighbours boss driver dealer lad girl boy sw isw senco dsl obaachan babcia bibi hooyo khala chacha nani
        bhabi bhabhi baji masi mausi phuppo taya tita tito ciocia wujek dida dadi stepson stepdaughter
        granddaughter grandson consultant paediatrician coach associate associates
        """,
    CALLED: "called named nicknamed aka alias dubbed our wee lil yung",
    FUNCTION: """
        a an the this that these those my your his her its our their i you he she it we they me him them us who whom
        whose which what when where why how and or but nor so yet if then than as at by for from in into of off on
        onto out over to up with within without about above after against along among around before behind below
        beneath beside between beyond down during except inside like near since through throughout till toward
        towards under until upon is are was were be been being am has have had do does did done will would can could
        shall should may might must not no yes any all both each few many more most much some such only own same too
        very just also however although though because while whilst there here now never ever always often once
        again still already please thank thanks sorry ok okay well oh hi hello dear hey yeah nope im ive hes shes
        dont
        """,
    STREET: """
        road rd street st avenue ave lane ln close drive dr way grove crescent cres court terrace gardens gdns walk
        square sq mews hill row rise green view parade gate bank brow fold croft park mount vale wharf house lodge
        villas villa buildings estate heights point tower towers cottage cottages farm bridge roundabout canal
        reservoir woods wood fields field flats precinct arcade market station interchange airport quay quays docks
        dock bandstand rec playground shops centre
        """,
    ORGANISATION: """
        school academy college high primary grammar infants juniors nursery university surgery hospital hosp
        infirmary general clinic practice hostel hotel inn arms pub club church mosque masjid temple gurdwara chapel
        cathedral synagogue library stadium fc afc rufc rfc unit ward hub project trust foundation gym hall theatre
        museum cafe restaurant takeaway garage comets rangers rovers athletic lions tigers panthers homes home
        fabrics motors cars taxis barbers
        """,
    TAIL: """
        children's childrens child's home homes house school academy college high primary secondary grammar infant
        infants junior juniors nursery sixth form boys girls bus train railway tram metro police fire station stop
        interchange hospital hosp infirmary surgery clinic park estate precinct arcade market car flats shops shop
        centre lane road street rd st avenue close drive playing fields field rec bandstand youth club sports
        leisure shopping retail community health medical church mosque masjid gurdwara temple tennis skatepark
        library baths hostel hotel pub court towers roundabout canal reservoir woods lads mandem crew lot youngers
        gang line
        """,
    LETTERED: """
        year class category cat group section plan grade type level vitamin hepatitis hep band tier block appendix
        part set option party schedule form unit ward room team stage model point question step phase key house zone
        sub vit exhibit platform junction stand lane gate bay corridor wing item box table annex
        """,
    SAYS: """
        said says say told tells asked asks texted messaged rang phoned reckons thinks thought replied answered
        explained explains disclosed discloses denied denies admitted admits claims claimed stated states reported
        reports shouted whispered cried added describes described wrote writes confirmed confirms agreed agrees
        wants wanted knows feels felt hates loves likes lives lived attends attended goes went came comes took takes
        gave gives got gets drives drove picks picked sends sent met meets stays stayed keeps kept hit hits kicked
        ran runs moved turned left arrived has's hasnt hasn doesnt doesn isnt wasnt didnt didn wont presents
        presented spends spent struggles appears remains uses used enjoys enjoyed refuses refused was's bought buys
        owes owed smokes smoked hangs carries carried threatened began became works sells helps makes shows looks
        talks walks tries sleeps eats plays sees calls needs brings turns sits stands speaks stops starts misses
        fears worries trusts avoids listens respects dislikes prefers forgets remembers insists believes decides
        pretends hides pays smiles cries laughs argues fights sings dances draws reads slept rose ate spoke
        """,
    DOES: "is was has had does did can could would will should might isn wasn hasn hadn",
    TOWARDS: """
        with told asked met meeting seeing visited visiting dating texting calling contacted named called saw rang
        phoned love
        """,
    AT: "in to from at near around via into towards through outside across leaving visiting off between",
    GENERIC: """
        secure special local new old private independent mainstream supported semi main city town sports leisure
        shopping community medical health contact bus train police fire sexual urgent minor general adult mental
        open royal north south east west upper lower central roman catholic voluntary controlled aided free junior
        infant hall boys girls playing first second youth
        """,
}


def with_context(vocabulary: Vocabulary) -> Mapping[str, int]:
    """What is known of every word, as bits: the vocabulary's and those of this module."""
    kinds = dict(vocabulary.kinds)
    for bit, words in _WORDS.items():
        for word in words.split():
            kinds[word] = kinds.get(word, TERM) | bit
    for word in vocabulary.bodies:
        kinds[word] = kinds.get(word, PASSED) | BODY
    return MappingProxyType(kinds)


SIZES = these("big lil little young yung wee old fat skinny tall mad crazy")
"""What stands before a nickname."""
