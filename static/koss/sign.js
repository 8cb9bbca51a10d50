// Signs in the page: node-forge opens the certificate's file, WebCrypto signs, and the lines below
// write the CMS signature. Key and PIN never leave the page; the form gets the signature alone.
//
// The parts of the certificate go into the signature byte for byte: forge would write Japanese names
// in another way than they were signed.
"use strict";

for (const part of document.querySelectorAll("[data-koss-sign]")) prepare(part);

function prepare(part) {
  const [file, pin] = part.querySelectorAll("input");
  const button = part.querySelector("button");
  const target = document.getElementById(part.dataset.kossSign);
  const say = (name) => {
    const status = part.querySelector("[role=status]");
    status.textContent = part.querySelector(`[data-message="${name}"]`).textContent;
    status.dataset.said = name;
  };
  part.hidden = false;
  if (!globalThis.crypto?.subtle) {
    say("insecure");
    file.disabled = pin.disabled = button.disabled = true;
    return;
  }
  // The other way stays one press away.
  part.nextElementSibling.open = Boolean(target.closest(".koss-field--error"));
  const press = async () => {
    if (!file.files.length) return say("no_file");
    button.disabled = true;
    say("signing");
    try {
      const signature = await sign(part, await bytesOf(file.files[0]), pin.value);
      const chosen = new DataTransfer();
      chosen.items.add(new File([signature], "signature.p7s"));
      target.files = chosen.files;
      target.dispatchEvent(new Event("change", { bubbles: true }));
      pin.value = "";
      say("signed");
    } catch (error) {
      say(error instanceof Refused ? error.message : "failed");
    } finally {
      button.disabled = false;
    }
  };
  button.addEventListener("click", press);
  pin.addEventListener("keydown", (event) => {
    // Enter would send the form without a signature.
    if (event.key !== "Enter") return;
    event.preventDefault();
    press();
  });
}

class Refused extends Error {}

async function sign(part, file, pin) {
  await loadForge(part.dataset.forge);
  const { certificates, keyInfo } = open(file, pin);
  const answer = await fetch(part.dataset.content, { cache: "no-store" });
  if (!answer.ok) throw new Refused("no_content");
  const content = await answer.arrayBuffer();
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle
    .importKey("pkcs8", keyInfo, algorithm, false, ["sign"])
    .catch(() => { throw new Refused("kind_of_key"); });
  const own = await ownerOf(key, certificates, algorithm);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  const attributes = signedAttributes(digest);
  const signature = await crypto.subtle.sign(algorithm, key, der(0x31, attributes));
  return envelope(own, certificates, attributes, new Uint8Array(signature));
}

// The file's certificates and its key, each as the bytes that stand in it.
function open(file, pin) {
  const { asn1, pki, pkcs12, util } = forge;
  const { certificateFromAsn1, privateKeyFromAsn1 } = pki;
  // What forge cannot read it hands over untouched; here that is wanted of everything.
  const untouched = () => { throw new Error("untouched"); };
  let bags;
  try {
    const outer = asn1.fromDer(util.createBuffer(file), { parseAllBytes: false });
    pki.certificateFromAsn1 = pki.privateKeyFromAsn1 = untouched;
    bags = pkcs12.pkcs12FromAsn1(outer, false, pin);
  } catch (error) {
    throw new Refused(/MAC|password|decrypt/i.test(error.message) ? "wrong_pin" : "not_a_file");
  } finally {
    Object.assign(pki, { certificateFromAsn1, privateKeyFromAsn1 });
  }
  const all = bags.safeContents.flatMap((content) => content.safeBags);
  const of = (...types) => all.filter((bag) => types.includes(bag.type)).map((bag) => bag.asn1);
  const certificates = of(pki.oids.certBag).map(readCertificate);
  const [key] = of(pki.oids.pkcs8ShroudedKeyBag, pki.oids.keyBag);
  if (!key || !certificates.length) throw new Refused("not_a_file");
  return { certificates, keyInfo: raw(key) };
}

function readCertificate(node) {
  const fields = node.value[0].value;
  const first = fields[0].tagClass === forge.asn1.Class.CONTEXT_SPECIFIC ? 1 : 0;
  return {
    whole: raw(node),
    serial: raw(fields[first]),
    issuer: raw(fields[first + 2]),
    publicKey: raw(fields[first + 5]),
  };
}

// The certificate that the key belongs to: the one whose public key confirms a signature of it.
async function ownerOf(key, certificates, algorithm) {
  const probe = new Uint8Array(32);
  const signed = await crypto.subtle.sign(algorithm, key, probe);
  for (const certificate of certificates) {
    try {
      const shown = await crypto.subtle.importKey(
        "spki", certificate.publicKey, algorithm, false, ["verify"]);
      if (await crypto.subtle.verify(algorithm, shown, signed, probe)) return certificate;
    } catch { /* a key of another kind */ }
  }
  throw new Refused("not_a_file");
}

// RFC 5652, in DER. Object identifiers are written as their bytes.
const DATA = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01);
const SIGNED_DATA = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02);
const CONTENT_TYPE = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03);
const MESSAGE_DIGEST = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04);
const SIGNING_TIME = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05);
const NOTHING = der(0x05);
const SHA_256 = der(0x30, oid(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01));
const RSA = der(0x30, oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01), NOTHING);
const ONE = der(0x02, Uint8Array.of(1));

// Their order is that of their bytes, as DER asks of a set.
function signedAttributes(digest) {
  const now = new Date().toISOString().replace(/[-:T]|\.\d+/g, "").slice(2);
  const attribute = (type, value) => der(0x30, type, der(0x31, value));
  return joined(
    attribute(CONTENT_TYPE, DATA),
    attribute(SIGNING_TIME, der(0x17, new TextEncoder().encode(now))),
    attribute(MESSAGE_DIGEST, der(0x04, digest)),
  );
}

function envelope(own, certificates, attributes, signature) {
  const signer = der(0x30, ONE, der(0x30, own.issuer, own.serial), SHA_256,
    der(0xa0, attributes), RSA, der(0x04, signature));
  const signed = der(0x30, ONE, der(0x31, SHA_256), der(0x30, DATA),
    der(0xa0, ...certificates.map((each) => each.whole)), der(0x31, signer));
  return der(0x30, SIGNED_DATA, der(0xa0, signed));
}

function der(tag, ...parts) {
  const content = joined(...parts);
  const length = [];
  for (let rest = content.length; rest; rest >>>= 8) length.unshift(rest & 0xff);
  const head = content.length < 0x80 ? [content.length] : [0x80 | length.length, ...length];
  return joined(Uint8Array.of(tag, ...head), content);
}

function oid(...bytes) {
  return der(0x06, Uint8Array.from(bytes));
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function raw(node) {
  return Uint8Array.from(forge.asn1.toDer(node).getBytes(), (each) => each.charCodeAt(0));
}

async function bytesOf(file) {
  return new Uint8Array(await file.arrayBuffer());
}

function loadForge(address) {
  if (globalThis.forge) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => reject(new Refused("failed")));
    document.head.append(script);
  });
}
