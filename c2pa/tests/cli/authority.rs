//! A certificate authority of the tests' own, and signers with its certificates.

use c2pa::{BoxedSigner, SigningAlg, create_signer};
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::{EncodePrivateKey, EncodePublicKey, LineEnding};
use std::str::FromStr;
use std::time::{Duration, SystemTime};
use x509_cert::builder::{Builder, CertificateBuilder, Profile};
use x509_cert::der::EncodePem;
use x509_cert::ext::pkix::ExtendedKeyUsage;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::{Time, Validity};

/// Who vouches for signers' names.
pub(crate) struct Authority {
    key: SigningKey,
    name: Name,
    /// Its certificate, in PEM.
    pub(crate) anchor: String,
}

/// A certificate with its chain, and its key, both in PEM.
pub(crate) struct Credential {
    pub(crate) chain: String,
    pub(crate) key: String,
}

fn public(key: &SigningKey) -> SubjectPublicKeyInfoOwned {
    let der = key.verifying_key().to_public_key_der().expect("a key");
    SubjectPublicKeyInfoOwned::try_from(der.as_bytes()).expect("a key")
}

fn validity(from: SystemTime, to: SystemTime) -> Validity {
    let time = |time| Time::try_from(time).expect("a time");
    Validity { not_before: time(from), not_after: time(to) }
}

fn random() -> SigningKey {
    SigningKey::random(&mut p256::elliptic_curve::rand_core::OsRng)
}

impl Authority {
    pub(crate) fn new() -> Authority {
        let (key, name) = (random(), Name::from_str("CN=Authority of tests,O=Tests").expect("a name"));
        let day = Duration::from_secs(86_400);
        let valid = validity(SystemTime::now() - day, SystemTime::now() + 30 * day);
        let builder = CertificateBuilder::new(Profile::Root, SerialNumber::from(1u32), valid, name.clone(), public(&key), &key)
            .expect("a certificate");
        let certificate = builder.build::<DerSignature>().expect("signed");
        Authority { anchor: certificate.to_pem(LineEnding::LF).expect("PEM"), key, name }
    }

    /// A credential for somebody of this organisation, valid for so long from now.
    pub(crate) fn credential(&self, organisation: &str, lasts: Duration) -> Credential {
        let key = random();
        let profile = Profile::Leaf { issuer: self.name.clone(), enable_key_agreement: false, enable_key_encipherment: false };
        let name = Name::from_str(&format!("CN=A device,O={organisation}")).expect("a name");
        let valid = validity(SystemTime::now() - Duration::from_secs(60), SystemTime::now() + lasts);
        let mut builder =
            CertificateBuilder::new(profile, SerialNumber::from(2u32), valid, name, public(&key), &self.key).expect("a certificate");
        // C2PA asks for a purpose; this is the one for signing documents' mails.
        const EMAIL_PROTECTION: &str = "1.3.6.1.5.5.7.3.4";
        let purpose = ExtendedKeyUsage(vec![EMAIL_PROTECTION.parse().expect("an identifier")]);
        builder.add_extension(&purpose).expect("an extension");
        let certificate = builder.build::<DerSignature>().expect("signed").to_pem(LineEnding::LF).expect("PEM");
        Credential { chain: certificate + &self.anchor, key: key.to_pkcs8_pem(LineEnding::LF).expect("PEM").to_string() }
    }

    /// A signer for somebody, for a day.
    pub(crate) fn signer(&self, organisation: &str) -> BoxedSigner {
        self.credential(organisation, Duration::from_secs(86_400)).signer()
    }
}

impl Credential {
    pub(crate) fn signer(&self) -> BoxedSigner {
        create_signer::from_keys(self.chain.as_bytes(), self.key.as_bytes(), SigningAlg::Es256, None).expect("a signer")
    }
}
