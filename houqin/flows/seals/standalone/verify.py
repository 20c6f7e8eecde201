#!/usr/bin/env python3
"""核验 Houqin 台账档案包 · Verify a binder of sealed school records
    python verify.py [档案包.zip 或文件夹 · ZIP or folder] [--key 公钥 · PUBLIC KEY]
重新计算每条记录的摘要和整条封存链,核对签名、照片和文件:改动、删除、插入、调换、倒填日期、截尾都会指出。
Reckons every digest and the whole chain anew, checks signatures, photos and files, and names what is not as it was sealed.
公钥和本程序都应从上级的公示页取得:档案包不能证明自己。The key and this program come from the office's public page: no binder
vouches for itself. 退出码 exit code: 0 可信 trusted · 1 有问题 faults · 2 读不了 unreadable · 3 无误但公钥未确认 key not confirmed
"""

# ruff: noqa: T201, UP017 - it speaks to a terminal and runs on old Pythons
# mypy: ignore-errors
import argparse
import hashlib
import json
import re
import struct
import sys
import zipfile
from collections import namedtuple
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

# Formats and the walk along the chain are those of houqin/flows/seals/rules.py and walking.py
VERSION, FIRST, HEADER, DIGEST, LINK, MOST = 1, bytes(32), 65, 32, 129, 1000
MARK, MAGIC = struct.Struct(">8s16sQ32sq8s"), b"HQCHKPT1"
EPOCH, CHINA = datetime(1970, 1, 1, tzinfo=timezone.utc), timezone(timedelta(hours=8))
COMMITTED = re.compile(r"[0-9a-f]{64}")
Fault = namedtuple("Fault", "kind number last item detail", defaults=(0, 0, "", ""))


def sha(*parts):
    """SHA-256 of some bytes: a digest of content, the next link of a chain, a fingerprint."""
    return hashlib.sha256(b"".join(parts)).digest()


def commitment(salt, value):
    """What stands in sealed content in place of a personal value."""
    return sha(f"{salt}\0{json.dumps(value, ensure_ascii=False, sort_keys=True)}".encode()).hex()


def day_of(at):
    """Microseconds since 1970 as a local day."""
    return f"{EPOCH + timedelta(microseconds=at, hours=8):%Y-%m-%d}"


class Walk:
    """One chain, fed link by link; ``finish`` names what is wrong with it."""

    def __init__(self, chain):
        self.lead = bytes([VERSION]) + chain
        self.count, self.number, self.seal, self.time = 0, 0, FIRST, bytes(8)
        self.seen, self.faults = {}, []
        self.known, self.broken, self.moved = True, None, []

    def feed(self, rows):
        """Rows of number, item, header, digest, seal."""
        for number, item, header, digest, seal in rows:
            self.count += 1
            self.seen[number] = seal
            if number == self.number:
                self.found("fork", number, item=item.hex())
                continue
            if number > self.number + 1:
                self.settle()
                self.found("missing", self.number + 1, number - 1)
                self.known = False
            stands = self.place(number, item.hex(), header, item, digest)
            if self.known and stands:
                self.link(number, item.hex(), header, digest, seal)
            else:
                self.settle()
            self.known, self.number, self.seal = stands, number, seal

    def finish(self, length=None, head=b""):
        """What is wrong, in the order of the numbers."""
        self.settle("seal" if self.broken and head and length == self.broken[0] and head != self.seal else "altered")
        self.tell_moved()
        if length is not None and self.number < length:
            self.found("cut", self.number + 1, length)
        elif length is not None and self.number > length:
            self.found("beyond", length + 1, self.number)
        elif length is not None and head != self.seal and all(fault.number != self.number for fault in self.faults):
            self.found("end", self.number)
        return sorted(self.faults, key=lambda fault: (fault.number, fault.kind))

    def place(self, number, name, header, item, digest):
        belongs, kind = int.from_bytes(header[17:25], "big"), ""
        if len(header) != HEADER or header[:1] != self.lead[:1] or len(digest) != DIGEST:
            kind = "malformed"
        elif header[:17] != self.lead:
            kind = "other_chain"
        if kind or belongs != number:
            self.found(kind, number, item=name) if kind else self.moved.append((number, belongs))
            return False
        if header[25:41] != item:
            self.found("item", number, item=name)
        if header[49:57] < self.time:
            self.found("time", number, item=name)
        self.time = header[49:57]
        return True

    def link(self, number, name, header, digest, seal):
        if self.broken and sha(self.broken[2], header, digest) == seal:
            return self.settle("seal")
        self.settle()
        expected = sha(self.seal, header, digest)
        if expected != seal:
            self.broken = (number, name, expected)

    def settle(self, kind="altered"):
        if self.broken:
            self.found(kind, self.broken[0], item=self.broken[1])
            self.broken = None

    def tell_moved(self):
        places, done = dict(self.moved), set()
        for stands, belongs in self.moved:
            if stands in done:
                continue
            if places.get(belongs) == stands:
                self.found("swapped", stands, belongs)
                done |= {stands, belongs}
                continue
            last, offset = stands, belongs - stands
            while places.get(last + 1, 0) - (last + 1) == offset and last + 1 not in done:
                last += 1
            done |= set(range(stands, last + 1))
            self.found("removed" if offset > 0 else "inserted", stands, last, detail=str(abs(offset)))

    def found(self, kind, number, last=0, *, item="", detail=""):
        if len(self.faults) < MOST:
            self.faults.append(Fault(kind, number, last, item, detail))


class Pack:
    """A binder as a ZIP file or as the folder that it was unpacked into."""

    def __init__(self, path):
        self.zip, self.root = None if path.is_dir() else zipfile.ZipFile(path), path

    def names(self):
        found = self.zip.namelist() if self.zip else [p.relative_to(self.root).as_posix() for p in self.root.rglob("*")]
        return {name for name in found if self.zip or (self.root / name).is_file()}

    def open(self, name):
        return self.zip.open(name) if self.zip else open(self.root / name, "rb")

    def read(self, name):
        with self.open(name) as file:
            return file.read()

    def digest(self, name):
        found = hashlib.sha256()
        with self.open(name) as file:
            any(found.update(piece) for piece in iter(lambda: file.read(1 << 20), b""))
        return found.hexdigest()


class Check:
    """One binder from its files to its contents."""

    def __init__(self, pack, pinned):
        self.pack, self.faults, self.notes = pack, [], {}
        self.raw = pack.read("binder.json")
        self.about = json.loads(self.raw)
        if self.about.get("format") != "houqin-binder-1":
            raise ValueError("binder.json: format")
        self.own = [bytes.fromhex(one["public"]) for one in json.loads(pack.read("keys.json"))["keys"]]
        self.keys = {sha(key).hex()[:16]: key for key in self.own if not pinned or {key, sha(key)} & set(pinned)}
        self.pinned, self.confirmed = bool(pinned), False
        self.chain_id, self.links = bytes.fromhex(self.about["chain"].replace("-", "")), {}

    def fits(self, key_id, signature, payload):
        """Whether a signature was made with one of the keys: None when that key is not among them."""
        if key_id not in self.keys:
            return None
        try:
            Ed25519PublicKey.from_public_bytes(self.keys[key_id]).verify(signature, payload)
        except (InvalidSignature, ValueError):
            return False
        return True

    def files(self):
        """Every file is the one that the signed list names."""
        sheet = json.loads(self.pack.read("binder.sig"))
        fits = self.fits(sheet["key"], bytes.fromhex(sheet["signature"]), self.raw) if sheet["key"] else None
        if fits is False:
            self.found("binder_signature")
        self.confirmed = bool(fits) and self.pinned
        listed, there = self.about["files"], self.pack.names()
        for name in sorted(set(listed) - there):
            self.found("file_gone", detail=name)
        for name in sorted(there - set(listed) - {"binder.json", "binder.sig"}):
            self.found("file_added", detail=name)
        for name in sorted(there & set(listed)):
            if self.pack.digest(name) != listed[name]:
                self.found("file", detail=name)

    def checkpoints(self):
        """The ends of the chain that were signed with one of the keys."""
        marks = []
        for one in json.loads(self.pack.read("checkpoints.json"))["checkpoints"]:
            payload, signature = bytes.fromhex(one["payload"]), bytes.fromhex(one["signature"])
            if len(payload) != MARK.size or not payload.startswith(MAGIC):
                self.found("checkpoint")
                continue
            _magic, chain, number, seal, at, key = MARK.unpack(payload)
            fits = self.fits(key.hex(), signature, payload)
            if fits and chain == self.chain_id:
                marks.append((number, seal, day_of(at)))
            elif fits is not None:
                self.found("signature", number, detail=day_of(at))
        self.notes["checkpoints"], self.notes["proved"] = len(marks), max(marks, default=(0,))[0]
        return marks

    def chain(self, marks):
        walk = Walk(self.chain_id)
        walk.feed(self.rows())
        self.faults += walk.finish(self.about["length"], bytes.fromhex(self.about["head"]))
        self.notes["seals"] = walk.count
        cut = max((mark for mark in marks if mark[0] > walk.number), default=None)
        if cut:
            self.found("cut_held", walk.number + 1, cut[0], detail=cut[2])
        wrong = [mark for mark in marks if mark[0] <= walk.number and walk.seen.get(mark[0]) != mark[1]]
        if wrong:
            first = min(wrong)
            good = max((mark[0] for mark in marks if mark[0] < first[0]), default=0)
            self.found("rewritten", good + 1, first[0], detail=first[2])

    def rows(self):
        """Links in the order of the file; a number that stands nowhere in it is missing, another row is in its place."""
        raw = self.pack.read("seals.bin")
        links = [raw[at : at + LINK] for at in range(0, len(raw) - LINK + 1, LINK)]
        there, number = {int.from_bytes(link[17:25], "big") for link in links}, 0
        for link in links:
            number += 1
            while number not in there and number < max(there):
                number += 1
            kind, captured = link[41:49].rstrip(b"\0"), struct.unpack(">q", link[57:65])[0]
            self.links[link[25:41].hex()] = (number, link[HEADER : HEADER + DIGEST], captured, kind)
            yield number, link[25:41], link[:HEADER], link[HEADER : HEADER + DIGEST], link[HEADER + DIGEST :]

    def contents(self):
        """Every content digested again; what the chain names for this period and is not here."""
        gone = {"content": set(), "personal": set()}
        for body in (json.loads(entry["text"]) for entry in self.entries() if entry["kind"] == "erasure"):
            gone.setdefault(body["part"], set()).update(item.replace("-", "") for item in body["items"])
        here, odd, count = set(), {}, 0
        for entry in self.entries():
            item = entry["id"].replace("-", "")
            number, digest = self.links.get(item, (0, b""))[:2]
            if not number or item in here:
                self.found("unsealed", item=item)
                continue
            here.add(item)
            count += 1
            now = sha(entry["text"].encode())
            if now != digest:
                odd[number] = (item, digest, now)
            elif entry["kind"] == "ledger":
                self.inside(entry, number, item, item in gone["personal"])
        self.tell_odd(odd)
        self.notes.update(contents=count, erased=self.missing(here, gone["content"]))

    def missing(self, here, gone):
        """Sealed in the period and not here: erased on record, or taken out."""
        first, last = (datetime.fromisoformat(self.about[name]).replace(tzinfo=CHINA) for name in ("first", "last"))
        start, end, erased = first.timestamp() * 1e6, last.timestamp() * 1e6 + 86_400e6, 0
        for item, (number, _digest, captured, kind) in self.links.items():
            if item not in here and (kind == b"erasure" or (kind == b"ledger" and start <= captured < end)):
                erased += item in gone
                if item not in gone:
                    self.found("content_gone", number, item=item)
        return erased

    def entries(self):
        with self.pack.open("entries.jsonl") as file:
            yield from map(json.loads, file)

    def tell_odd(self, odd):
        owner = {digest: number for number, (_item, digest, _now) in odd.items()}
        holds = {number: owner.get(now, 0) for number, (_item, _digest, now) in odd.items()}
        for number, (item, _digest, _now) in odd.items():
            other = holds[number]
            if not other or holds.get(other) != number:
                self.found("content", number, item=item)
            elif number < other:
                self.found("content_swapped", number, other, item=item)

    def inside(self, entry, number, item, erased):
        """Personal values against their commitments, photos against their digests."""
        body, kept = json.loads(entry["text"]), entry.get("personal")
        waiting = [(name, body.get(name)) for name in ("by", "second", "values", "lines")]
        sealed = {}
        while waiting:
            place, value = waiting.pop()
            if isinstance(value, dict):
                waiting += [(f"{place}/{key}", inner) for key, inner in value.items()]
            elif isinstance(value, list):
                waiting += [(f"{place}/{at}", inner) for at, inner in enumerate(value)]
            elif isinstance(value, str) and COMMITTED.fullmatch(value):
                sealed[place] = value
        for place, (salt, value) in (kept or {}).items():
            if sealed.pop(place, None) != commitment(salt, value):
                self.found("personal", number, item=item, detail=place)
        for place in sealed if kept is not None and not erased else ():
            self.found("personal_gone", number, item=item, detail=place)
        for digest in body.get("photos", ()):
            if self.about["files"].get(f"photos/{digest}.jpg", digest) != digest:
                self.found("photo", number, item=item)

    def found(self, kind, number=0, last=0, *, item="", detail=""):
        if len(self.faults) < MOST:
            self.faults.append(Fault(kind, number, last, item, detail))


WORDS = {
    "malformed": ("第 {number} 号的封存信息已损坏", "No. {number}: the seal is damaged"),
    "other_chain": ("第 {number} 号属于别的单位", "No. {number} belongs to another chain"),
    "item": ("第 {number} 号指向了另一条记录", "No. {number} names another record"),
    "altered": ("第 {number} 号的封存信息被改动", "No. {number}: header or digest was changed"),
    "seal": ("第 {number} 号的封印被改动", "No. {number}: its seal was changed"),
    "time": ("第 {number} 号倒填日期", "No. {number} is back-dated"),
    "missing": ("第 {number} 至 {last} 号被删除", "No. {number} to {last} were deleted"),
    "fork": ("第 {number} 号出现两次(分叉)", "No. {number} stands twice (fork)"),
    "swapped": ("第 {number} 号与第 {last} 号被调换", "No. {number} and {last} were swapped"),
    "removed": ("第 {number} 号之前被抽走 {detail} 条并重新编号", "{detail} before no. {number} were removed, the rest renumbered"),
    "inserted": ("第 {number} 号之前被插入 {detail} 条并重新编号", "{detail} before no. {number} were inserted, the rest renumbered"),
    "cut": ("末尾被截去:第 {number} 至 {last} 号", "The end was cut off: no. {number} to {last}"),
    "cut_held": ("末尾被截去:第 {number} 至 {last} 号,{detail} 的签名可以证明", "The end was cut off: no. {number} to {last}, proved by the checkpoint of {detail}"),
    "beyond": ("第 {number} 至 {last} 号是事后加上的", "No. {number} to {last} were added past the end"),
    "end": ("最后一号 {number} 的封印与登记的不符", "The last seal, no. {number}, is not the one on record"),
    "rewritten": ("第 {number} 至 {last} 号之间整段被重写,与 {detail} 的签名不符", "Rewritten between no. {number} and {last}: does not fit the checkpoint of {detail}"),
    "checkpoint": ("一份签名记录已损坏", "A checkpoint is damaged"),
    "signature": ("第 {number} 号处的签名({detail})不符", "The checkpoint at no. {number} ({detail}) was changed"),
    "content": ("第 {number} 号的内容在封存后被改动", "The content of no. {number} was changed"),
    "content_swapped": ("第 {number} 号与第 {last} 号的内容被调换", "The contents of no. {number} and {last} were swapped"),
    "content_gone": ("第 {number} 号的内容被删除,且无清除记录", "The content of no. {number} is gone and no erasure is on record"),
    "unsealed": ("插入了一条没有封存的记录 {item}", "A record without a seal was inserted: {item}"),
    "personal": ("第 {number} 号的个人信息被改动({detail})", "No. {number}: personal data was changed ({detail})"),
    "personal_gone": ("第 {number} 号的个人信息被删除,且无清除记录({detail})", "No. {number}: personal data is gone, no erasure on record ({detail})"),
    "photo": ("第 {number} 号的照片被调换", "No. {number}: a photo was exchanged"),
    "file": ("文件被改动:{detail}", "File changed: {detail}"),
    "file_gone": ("文件缺失:{detail}", "File missing: {detail}"),
    "file_added": ("多出的文件:{detail}", "File added: {detail}"),
    "binder_signature": ("档案包的签名不符", "The signature of the binder does not fit"),
}  # fmt: skip


def pinned_key(text):
    """A public key or its fingerprint, as hexadecimal digits or in a file of them."""
    raw = bytes.fromhex("".join((Path(text).read_text("ascii") if Path(text).is_file() else text).split()))
    if len(raw) != 32:
        raise ValueError("--key: 64 hexadecimal digits")
    return raw


def main(argv=None):
    """Check, and say in both languages what was found."""
    parser = argparse.ArgumentParser(description="核验台账档案包 · Verify a binder of sealed records")
    parser.add_argument("binder", type=Path, nargs="?", default=Path(__file__).resolve().parent, help="ZIP or folder")
    parser.add_argument(
        "--key", action="append", default=[], help="public key or fingerprint: 64 hex digits, or a file"
    )
    given = parser.parse_args(argv)
    try:
        check = Check(Pack(given.binder), [pinned_key(key) for key in given.key])
        check.files()
        check.chain(check.checkpoints())
        check.contents()
    except (OSError, KeyError, ValueError, TypeError, OverflowError, zipfile.BadZipFile, struct.error) as error:
        print(f"✗ 无法读取 · cannot be read: {type(error).__name__} {error}")
        return 2
    about, notes = check.about, check.notes
    print(f"{about['unit']}  {about['first']} – {about['last']}")
    print("封存链 {seals} 条,本包内容 {contents} 条,按规定清除 {erased} 条,有效签名 {checkpoints} 个".format(**notes))
    print("{seals} seals, {contents} contents, {erased} erased on record, {checkpoints} signatures".format(**notes))
    for fault in sorted(check.faults):
        print("  ✗ {}\n    {}".format(*(words.format(**fault._asdict()) for words in WORDS[fault.kind])))
    for key in check.own:
        print("公钥指纹 · fingerprint  " + " ".join(re.findall("....", sha(key).hex())))
    if check.faults:
        print(f"✗ 发现 {len(check.faults)} 处问题 · {len(check.faults)} faults")
        return 1
    if not check.confirmed:
        print("! 未发现改动,但签名者未经确认:请把指纹与上级公示页核对,再用 --key 指定后重新核验")
        print(
            "! No change found; who signed is not confirmed: compare the fingerprint with the office's page, use --key"
        )
        return 3
    print("✓ 未发现改动,签名可信 · No change found, signed by the key you named")
    return 0


if __name__ == "__main__":
    sys.exit(main())
