package pkcs11

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/miekg/pkcs11"

	"hoso/pipeline"
)

// what is unavailable while the token is away.
const what = "signing key"

// The codes of refusals, which programs read.
const (
	codeModule    = "pkcs11-module"
	codeToken     = "pkcs11-token" //nolint:gosec // no credential
	codePIN       = "pkcs11-pin"
	codePINLast   = "pkcs11-pin-last"
	codePINLocked = "pkcs11-pin-locked"
	codeNoKey     = "pkcs11-no-key"
	codeWhich     = "pkcs11-which"
	codeMismatch  = "pkcs11-mismatch"
)

var (
	errNoToken = errors.New("the token is not there: plug it in, or see whether the security module and its network are up")
	errKeyGone = errors.New("the token no longer holds the key: plug in the token that was used before, or name another key")
	errNoPIN   = errors.New("no PIN was given")
	errClosed  = errors.New("the token was closed")
)

func refuse(code, english, vietnamese string, err error) error {
	return pipeline.Refuse(pipeline.Reason{Code: code, English: english, Vietnamese: vietnamese}, err)
}

func refuseModule(err error) error {
	return refuse(codeModule, "the PKCS#11 library of the signing token cannot be loaded",
		"Không nạp được thư viện PKCS#11 của thiết bị ký số. Hãy cài phần mềm của nhà cung cấp và kiểm tra đường dẫn.", err)
}

// refuseToken says that no token, or more than one, is the one that is meant.
func refuseToken(fit int, present string) error {
	if fit > 1 {
		return refuse(codeToken, "several tokens fit: name one by its serial number. Present: "+present,
			"Có nhiều thiết bị ký số phù hợp. Hãy chỉ rõ thiết bị theo số sê-ri.", nil)
	}
	return refuse(codeToken, "the token that is named is not among those present: "+present,
		"Không tìm thấy thiết bị ký số đã khai báo trong các thiết bị đang cắm. Hãy cắm đúng thiết bị hoặc sửa tên thiết bị.", nil)
}

// refusePIN says what the token made of the PIN; flags are those after the try.
func refusePIN(err error, flags uint) error {
	switch {
	case is(err, pkcs11.CKR_PIN_LOCKED) || flags&pkcs11.CKF_USER_PIN_LOCKED != 0:
		return refuse(codePINLocked, "the token is locked after too many wrong PINs: have its issuer unlock it (with the PUK)",
			"Thiết bị ký số đã bị khóa do nhập sai mã PIN nhiều lần. Hãy liên hệ nhà cung cấp để mở khóa (bằng mã PUK).", err)
	case is(err, pkcs11.CKR_PIN_EXPIRED, pkcs11.CKR_USER_PIN_NOT_INITIALIZED) || flags&pkcs11.CKF_USER_PIN_TO_BE_CHANGED != 0:
		return refuse(codePIN, "the PIN of the token must be set or changed first, with the program of its maker",
			"Mã PIN của thiết bị ký số chưa đặt hoặc đã hết hạn. Hãy đổi mã PIN bằng phần mềm của nhà cung cấp rồi thử lại.", err)
	case errors.Is(err, errNoPIN):
		return refuse(codePIN, "the token wants a PIN", "Thiết bị ký số yêu cầu mã PIN. Hãy nhập mã PIN.", nil)
	case flags&pkcs11.CKF_USER_PIN_FINAL_TRY != 0:
		return refuse(codePIN, "the PIN of the token is wrong, and ONE more wrong PIN locks it; it is not tried again",
			"Mã PIN của thiết bị ký số không đúng. CHỈ CÒN MỘT LẦN thử: nhập sai nữa thiết bị sẽ bị khóa.", err)
	case flags&pkcs11.CKF_USER_PIN_COUNT_LOW != 0:
		return refuse(codePIN, "the PIN of the token is wrong; a few more wrong PINs lock it; it is not tried again",
			"Mã PIN của thiết bị ký số không đúng. Chỉ còn vài lần thử, sau đó thiết bị sẽ khóa. Hãy kiểm tra kỹ rồi nhập lại.", err)
	}
	return refuse(codePIN, "the PIN of the token is wrong; it is not tried again",
		"Mã PIN của thiết bị ký số không đúng. Hãy kiểm tra và nhập lại; nhập sai nhiều lần thiết bị sẽ bị khóa.", err)
}

// refuseLastTry says that a PIN was not tried.
func refuseLastTry() error {
	return refuse(codePINLast, "one more wrong PIN would lock the token, so the PIN was not tried: log in once with the program of its maker",
		"Thiết bị ký số chỉ còn một lần nhập mã PIN nên hệ thống không thử. Hãy đăng nhập một lần bằng phần mềm của nhà cung cấp.", nil)
}

func refuseNoKey(name string) error {
	if name != "" {
		return refuse(codeNoKey, fmt.Sprintf("the token has no certificate with its private key that is named %q", name),
			"Thiết bị ký số không có chứng thư số kèm khóa bí mật theo tên đã khai báo.", nil)
	}
	return refuse(codeNoKey, "the token has no certificate with its private key",
		"Thiết bị ký số không có chứng thư số nào kèm khóa bí mật.", nil)
}

func refuseWhich(choices string) error {
	return refuse(codeWhich, "the token has several certificates that fit; name one by its SHA-256: "+choices,
		"Thiết bị ký số có nhiều chứng thư số phù hợp. Hãy chọn một chứng thư số.", nil)
}

func refuseMismatch() error {
	return refuse(codeMismatch, "the private key on the token does not belong to the certificate beside it",
		"Khóa bí mật trên thiết bị ký số không khớp với chứng thư số.", nil)
}

// is reports whether an error is one of the library's return values.
func is(err error, codes ...uint) bool {
	var code pkcs11.Error
	return errors.As(err, &code) && slices.Contains(codes, uint(code))
}

// isPIN reports whether the PIN is what the token objects to.
func isPIN(err error) bool {
	return is(err, pkcs11.CKR_PIN_INCORRECT, pkcs11.CKR_PIN_INVALID, pkcs11.CKR_PIN_LEN_RANGE, pkcs11.CKR_PIN_EXPIRED,
		pkcs11.CKR_PIN_LOCKED, pkcs11.CKR_USER_PIN_NOT_INITIALIZED)
}

// isLost reports whether a new link may help. Makers differ in what they say when a
// device is gone, so it is everything but what would come again for certain.
func isLost(err error) bool {
	var code pkcs11.Error
	if errors.Is(err, errKeyGone) {
		return true
	}
	return errors.As(err, &code) && !isPIN(err) && !is(err, pkcs11.CKR_ARGUMENTS_BAD, pkcs11.CKR_MECHANISM_INVALID,
		pkcs11.CKR_MECHANISM_PARAM_INVALID, pkcs11.CKR_KEY_TYPE_INCONSISTENT, pkcs11.CKR_KEY_FUNCTION_NOT_PERMITTED,
		pkcs11.CKR_KEY_SIZE_RANGE, pkcs11.CKR_DATA_INVALID, pkcs11.CKR_DATA_LEN_RANGE)
}

// gone says that the token is away for now.
func gone(err error) error {
	if missing, ok := errors.AsType[*pipeline.Unavailable](err); ok {
		return missing
	}
	if !errors.Is(err, errNoToken) && !errors.Is(err, errKeyGone) {
		err = fmt.Errorf("the token does not answer; plug it in again, or see whether the security module and its network are up: %w", err)
	}
	return unavailable(err)
}

func busy(wait time.Duration) error {
	return unavailable(fmt.Errorf("all sessions of the token were busy for %s: it signs slower than papers come", wait))
}

// failed says why nothing was signed.
func failed(err error) error {
	if _, refused := pipeline.AsRefusal(err); refused {
		return err
	}
	return unavailable(err)
}

func unavailable(err error) error {
	if missing, ok := errors.AsType[*pipeline.Unavailable](err); ok {
		return missing
	}
	return &pipeline.Unavailable{What: what, Err: err}
}
