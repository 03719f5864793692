package config

import (
	"slices"
	"time"
)

// table lists everything that can be set, in the order in which it is shown.
func table() []setting {
	return slices.Concat(place(), parts(), shelves(), signing(), showing(), reading())
}

func place() []setting {
	return []setting{
		{"data", "hoso-data", "folder for everything kept on this machine", folder, func(c *Config) string { return c.Data }},
		text("listen", "127.0.0.1:8080", "address at which the web pages are served", func(c *Config) *string { return &c.Listen }),
		address("address", "address of the web pages as people reach them, such as https://hoso.example.vn, for links in reports; empty for that of this machine", func(c *Config) *string { return &c.Address }),
		text("tls-cert", "", "certificate file of the web pages (PEM); empty for plain HTTP", func(c *Config) *string { return &c.TLSCert }),
		text("tls-key", "", "key file of the web pages (PEM)", func(c *Config) *string { return &c.TLSKey }),
		text("proxy", "", "addresses of reverse proxies whose headers are believed, such as 10.0.0.0/8", func(c *Config) *string { return &c.Proxy }),
		text("server", "", "for commands: address of a service on another machine", func(c *Config) *string { return &c.Server }),
		secret("token", "for commands: token for that service", func(c *Config) *Secret { return &c.Token }),
	}
}

func parts() []setting {
	return []setting{
		secret("redis", "queue server, such as redis://:password@host:6379/0; empty for the embedded one", func(c *Config) *Secret { return &c.Redis }),
		secret("catalog", "PostgreSQL, such as postgres://user:password@host/hoso; empty for SQLite in the data folder", func(c *Config) *Secret { return &c.Catalog }),
		text("s3-endpoint", "", "object storage, such as https://s3.example.vn; empty for the embedded one", func(c *Config) *string { return &c.S3.Endpoint }),
		text("s3-bucket", "hoso", "bucket", func(c *Config) *string { return &c.S3.Bucket }),
		text("s3-region", "us-east-1", "region", func(c *Config) *string { return &c.S3.Region }),
		text("s3-access-key", "", "access key", func(c *Config) *string { return &c.S3.AccessKey }),
		secret("s3-secret-key", "secret key", func(c *Config) *Secret { return &c.S3.SecretKey }),
	}
}

func shelves() []setting {
	return []setting{
		text("shelves", "", "file with the folders that the service works off each night or as scans come into them, see README", func(c *Config) *string { return &c.Shelves }),
		list("watch", "folders that it works off as scans come into them, with commas between them", func(c *Config) *[]string { return &c.Watch }),
	}
}

func signing() []setting {
	return append(holders(), []setting{
		list("trust", "files of trusted root certificates (PEM), with commas between them", func(c *Config) *[]string { return &c.Trust }),
		list("tsa", "addresses of timestamp authorities (RFC 3161), with commas between them, tried in order; empty for the demonstration authority", func(c *Config) *[]string { return &c.Authorities }),
		// The government's authority was measured to take up to 131 s.
		span("tsa-time", "180s", "longest time for one timestamp, over all authorities", func(c *Config) *time.Duration { return &c.StampTime }),
		word("level", "what records are signed to (ETSI EN 319 142-1)", []string{"B-LTA", "B-LT", "B-T"}, func(c *Config) *string { return &c.Level }),
		word("revocation", "what to do while nobody tells whether a signer's certificate is revoked; later signs and adds the proof when it can be had, off never asks", []string{"wait", "later", "off"}, func(c *Config) *string { return &c.Revocation }),
		span("renew-before", "2160h", "how long before the end of their timestamp authority's certificate records are renewed", func(c *Config) *time.Duration { return &c.RenewBefore }),
		span("desk-time", "10m", "how long an officer's key has for a signature that was prepared, before the paper waits again", func(c *Config) *time.Duration { return &c.DeskTime }),
		choice("desk-any-root", "let officers sign with certificates that lead to no trusted root", func(c *Config) *bool { return &c.DeskAnyRoot }),
		secret("pin", "for desk-sign: PIN of the token, or password of the key file; empty to be asked", func(c *Config) *Secret { return &c.PIN }),
	}...)
}

// showing is how signatures show on page 1 of the records.
func showing() []setting {
	return []setting{
		text("appearance", "copy", "how the agency's signature shows: copy (NĐ 30/2020), incoming (TT 01/2019), none, or another profile of appearances", func(c *Config) *string { return &c.Looks.Agency }),
		text("officer-appearance", "officer", "how an officer's signature shows: officer (TT 01/2023), none, or another profile of appearances", func(c *Config) *string { return &c.Looks.Officer }),
		text("copy-form", "SAO Y", "form of the copy in the agency's signature: SAO Y, SAO LỤC or TRÍCH SAO", func(c *Config) *string { return &c.Looks.Form }),
		text("agency-name", "", "name of the agency in its signature; empty for the one in its certificate", func(c *Config) *string { return &c.Looks.Name }),
		text("seal-image", "", "file with the image of the agency's seal in its true size (PNG with a resolution), for profiles that show it", func(c *Config) *string { return &c.Looks.Seal }),
		text("appearances", "", "file with profiles of how signatures show, as hoso appearances prints them; empty for those", func(c *Config) *string { return &c.Looks.Profiles }),
	}
}

// holders are the places where the signing key can lie; one of them, or none for the
// demonstration key.
func holders() []setting {
	return []setting{
		text("pkcs12", "", "file with the signing key and its certificates (PKCS#12); empty for the demonstration key", func(c *Config) *string { return &c.PKCS12 }),
		secret("pkcs12-password", "its password", func(c *Config) *Secret { return &c.PKCS12Pass }),
		text("pkcs11", "", "library (.so) of a token or security module that holds the signing key (PKCS#11), instead of a file", func(c *Config) *string { return &c.PKCS11.Module }),
		text("pkcs11-token", "", "label or serial number of the token; empty if there is only one", func(c *Config) *string { return &c.PKCS11.Token }),
		text("pkcs11-key", "", "label, ID or SHA-256 of the certificate on it; empty if there is only one", func(c *Config) *string { return &c.PKCS11.Key }),
		secret("pkcs11-pin", "its PIN", func(c *Config) *Secret { return &c.PKCS11.PIN }),
		text("csc", "", "address of a trust service that holds the signing key (Cloud Signature Consortium API 2), such as https://HOST/PATH, instead of a file", func(c *Config) *string { return &c.CSC.URL }),
		text("csc-credential", "", "identifier of the key there; empty if there is only one", func(c *Config) *string { return &c.CSC.Credential }),
		text("csc-client", "", "client that logs in there (OAuth 2.0)", func(c *Config) *string { return &c.CSC.Client }),
		secret("csc-secret", "the client's secret", func(c *Config) *Secret { return &c.CSC.Secret }),
		secret("csc-token", "access token, instead of a client and its secret", func(c *Config) *Secret { return &c.CSC.Token }),
		secret("csc-pin", "PIN of the key", func(c *Config) *Secret { return &c.CSC.PIN }),
	}
}

func reading() []setting {
	return []setting{
		text("languages", "vie", "languages of the recognizer", func(c *Config) *string { return &c.Languages }),
		text("second-model", "auto", "larger model for words the first is unsure of; auto: script/Vietnamese beside vie; none: none", func(c *Config) *string { return &c.Second }),
		text("models", "", "folder of the recognizer's models; empty for the system's", func(c *Config) *string { return &c.Models }),
		text("classes", "", "file with the rules by which classes of papers are told, as hoso classes prints them; empty for those", func(c *Config) *string { return &c.Classes }),
		text("code", "{owner}.{type}[.{serial}]", "how digitization codes (mã kết quả số hóa) are put together: {owner} {type} {dossier} {unit} {year} {serial}; what stands in brackets is left out of the first", func(c *Config) *string { return &c.Code }),
		list("code-ownerless", "fields that must be known for the owner's part of a code to stay blank, with commas between them; empty for owner_name", func(c *Config) *[]string { return &c.Ownerless }),
		text("policy", "", "file with the rules of what a person must look at before filing, as hoso policy prints them; empty for those", func(c *Config) *string { return &c.Policy }),
		number("readers", cores(), "reader processes at once", func(c *Config, n int64) { c.Readers = int(n) }, func(c *Config) int64 { return int64(c.Readers) }),
		span("page-time", "60s", "most processor time for one page, after which its reader is replaced", func(c *Config) *time.Duration { return &c.PageTime }),
		number("page-memory", "1073741824", "bytes a reader may hold", func(c *Config, n int64) { c.PageMemory = n }, func(c *Config) int64 { return c.PageMemory }),
		number("recycle", "200", "pages after which a reader is replaced", func(c *Config, n int64) { c.Recycle = int(n) }, func(c *Config) int64 { return int64(c.Recycle) }),
		choice("access-copy", "make a light copy of every record beside it, to look at over slow lines (bản xem nhanh)", func(c *Config) *bool { return &c.AccessCopy }),
		number("max-file", "2147483648", "bytes of the largest file taken in", func(c *Config, n int64) { c.MaxFile = n }, func(c *Config) int64 { return c.MaxFile }),
	}
}
