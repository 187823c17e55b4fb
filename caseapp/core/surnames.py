"""Surnames that are read unlike the same character elsewhere, and surnames of two characters: facts for names and search."""

# Only where the dictionary's common reading is another one. ü is written v.
READINGS: dict[str, str] = {
    "单": "shan", "仇": "qiu", "解": "xie", "曾": "zeng", "朴": "piao", "查": "zha", "区": "ou", "盖": "ge", "乐": "yue",
    "缪": "miao", "翟": "zhai", "折": "she", "员": "yun", "贠": "yun", "种": "chong", "覃": "qin", "繁": "po", "黑": "he",
    "秘": "bi", "洗": "xian", "召": "shao", "句": "gou", "隗": "wei", "能": "nai", "卜": "bu", "祭": "zhai", "牟": "mu",
    "郇": "xun", "佴": "nai", "乜": "nie", "都": "du", "阚": "kan", "粘": "nian", "炅": "gui", "颉": "xie", "尾": "yi",
    "澹": "tan", "会": "gui", "角": "jue", "省": "xing", "圈": "juan", "提": "di", "称": "chen", "葚": "shen", "么": "yao",
    "适": "kuo", "任": "ren", "华": "hua", "尉": "wei", "万": "wan", "那": "na", "葛": "ge", "燕": "yan", "应": "ying",
    "宁": "ning", "哈": "ha", "过": "guo", "瞿": "qu", "相": "xiang", "撒": "sa", "宿": "su", "长": "zhang", "谌": "chen",
    "阙": "que", "费": "fei", "盛": "sheng", "邸": "di", "佘": "she", "仉": "zhang", "璩": "qu", "莘": "shen", "眭": "sui",
}  # fmt: skip

# Surnames of two characters with their readings.
COMPOUND: dict[str, tuple[str, str]] = {
    "欧阳": ("ou", "yang"), "太史": ("tai", "shi"), "端木": ("duan", "mu"), "上官": ("shang", "guan"), "司马": ("si", "ma"),
    "东方": ("dong", "fang"), "独孤": ("du", "gu"), "南宫": ("nan", "gong"), "万俟": ("mo", "qi"), "闻人": ("wen", "ren"),
    "夏侯": ("xia", "hou"), "诸葛": ("zhu", "ge"), "尉迟": ("yu", "chi"), "公羊": ("gong", "yang"), "赫连": ("he", "lian"),
    "澹台": ("tan", "tai"), "皇甫": ("huang", "fu"), "宗政": ("zong", "zheng"), "濮阳": ("pu", "yang"), "公冶": ("gong", "ye"),
    "太叔": ("tai", "shu"), "申屠": ("shen", "tu"), "公孙": ("gong", "sun"), "慕容": ("mu", "rong"), "仲孙": ("zhong", "sun"),
    "钟离": ("zhong", "li"), "长孙": ("zhang", "sun"), "宇文": ("yu", "wen"), "司徒": ("si", "tu"), "鲜于": ("xian", "yu"),
    "司空": ("si", "kong"), "闾丘": ("lv", "qiu"), "子车": ("zi", "ju"), "亓官": ("qi", "guan"), "司寇": ("si", "kou"),
    "巫马": ("wu", "ma"), "公西": ("gong", "xi"), "颛孙": ("zhuan", "sun"), "壤驷": ("rang", "si"), "公良": ("gong", "liang"),
    "漆雕": ("qi", "diao"), "乐正": ("yue", "zheng"), "宰父": ("zai", "fu"), "谷梁": ("gu", "liang"), "拓跋": ("tuo", "ba"),
    "夹谷": ("jia", "gu"), "轩辕": ("xuan", "yuan"), "令狐": ("ling", "hu"), "段干": ("duan", "gan"), "百里": ("bai", "li"),
    "呼延": ("hu", "yan"), "东郭": ("dong", "guo"), "南门": ("nan", "men"), "羊舌": ("yang", "she"), "微生": ("wei", "sheng"),
    "左丘": ("zuo", "qiu"), "东门": ("dong", "men"), "西门": ("xi", "men"), "第五": ("di", "wu"), "叶赫": ("ye", "he"),
    "完颜": ("wan", "yan"), "爱新": ("ai", "xin"), "纳兰": ("na", "lan"), "那拉": ("na", "la"),
}  # fmt: skip
