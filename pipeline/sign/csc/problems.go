package csc

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"hoso/pipeline"
)

// what is unavailable while the service is away.
const what = "signing key"

// The codes of refusals that are told apart here.
const (
	codePIN    = "csc-pin"
	codeLocked = "csc-locked"
)

var (
	errAnswer  = errors.New("not an answer by the specification")
	errToken   = errors.New("the access token is not taken")
	errExpired = errors.New("the authorization has expired")
)

// fault is what the service objects to (10.1, 10.2).
type fault struct {
	path   string
	status int
	Code   string `json:"error"`
	Words  string `json:"error_description"`
}

// Error gives the service's words.
func (f *fault) Error() string {
	return fmt.Sprintf("%s: HTTP status %d, %s (%s)", f.path, f.status, f.Code, f.Words)
}

// isAnswer reports whether the service objects, other than by being away.
func isAnswer(err error) bool {
	_, ok := errors.AsType[*fault](err)
	_, away := errors.AsType[*pipeline.Unavailable](err)
	return ok && !away
}

// fault reads what went wrong. The service's words stay in the log without what was
// secret in the question.
func (s *service) fault(path string, res *http.Response, body []byte) error {
	f := &fault{path: path, status: res.StatusCode}
	if err := json.Unmarshal(body, f); err != nil {
		f.Words = "no reason given"
	}
	f.Code, f.Words = s.clean(f.Code), s.clean(f.Words)
	switch {
	case f.status == http.StatusTooManyRequests || f.status >= 500 ||
		f.Code == "temporarily_unavailable" || f.Code == "server_error":
		return &pipeline.Unavailable{What: what, After: after(res.Header.Get("Retry-After")), Err: f}
	case f.status >= 300 && f.status < 400:
		elsewhere, _ := url.Parse(res.Header.Get("Location")) // nil says it too
		return refuse("csc-url", fmt.Sprintf("the signing service points elsewhere (%s); name the address that is meant", hostOf(elsewhere)),
			"Địa chỉ dịch vụ ký số từ xa chuyển hướng sang nơi khác. Hãy sửa lại địa chỉ.", f)
	case f.status == http.StatusUnauthorized || f.Code == "invalid_token" || f.Code == "expired_token":
		return fmt.Errorf("%w: %w", errToken, f)
	}
	return f.meaning()
}

// meaning tells apart what the specification has one code for, by the words that it
// prescribes.
func (f *fault) meaning() error {
	says := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(strings.ToLower(f.Words), w) })
	}
	is := func(codes ...string) bool { return slices.Contains(codes, f.Code) }
	switch {
	case says("locked"):
		return refuse(codeLocked, "the signing key is locked: have the trust service unlock it",
			"Khóa ký số từ xa đã bị khóa. Hãy liên hệ nhà cung cấp dịch vụ để mở khóa.", f)
	case is("invalid_authentication_data", "invalid_pin", "invalid_otp"): // the last two are of version 1
		return refuse(codePIN, "the PIN or one-time password of the signing key is wrong; it is not tried again",
			"Mã PIN hoặc mã OTP của khóa ký số từ xa không đúng. Hãy kiểm tra và nhập lại; nhập sai nhiều lần khóa sẽ bị khóa.", f)
	case says("disabled"):
		return refuseDisabled(f.Words)
	case says("certificate is expired"):
		return refuseCertificate("the service calls it expired", f)
	case says("sad expired", "invalid parameter sad"):
		return fmt.Errorf("%w: %w", errExpired, f)
	case says("parameter credentialid"):
		return refuse("csc-credential", "the signing service has no key of that name",
			"Dịch vụ ký số từ xa không có khóa ký theo tên đã khai báo.", f)
	case is("access_denied", "unauthorized_client", "invalid_client", "invalid_scope"):
		return refuseAccess("the service does not let this client in", f)
	}
	return refuse("csc-refused", "the signing service does not take the request",
		"Dịch vụ ký số từ xa từ chối yêu cầu ký.", f)
}

func hostOf(at *url.URL) string {
	if at == nil {
		return ""
	}
	return at.Host
}

// clean shortens words of the service, and takes out what must not be told: the secrets
// of the configuration, and whatever could be an access token or a SAD.
func (s *service) clean(words string) string {
	for _, secret := range []Secret{s.config.PIN, s.config.ClientSecret, s.config.Token} {
		if secret != "" {
			words = strings.ReplaceAll(words, string(secret), hidden)
		}
	}
	fields := strings.Fields(words)
	for i, f := range fields {
		if len(f) > 32 {
			fields[i] = hidden
		}
	}
	return strings.Join(fields[:min(len(fields), 40)], " ")
}

// after reads Retry-After (RFC 9110, 10.2.3), at most an hour.
func after(value string) time.Duration {
	wait := time.Duration(0)
	if seconds, err := strconv.Atoi(value); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		wait = time.Until(at)
	}
	return max(0, min(wait, time.Hour))
}

// isSecretWrong reports whether trying again could lock the key.
func isSecretWrong(err error) bool {
	refusal, ok := pipeline.AsRefusal(err)
	return ok && (refusal.Reason.Code == codePIN || refusal.Reason.Code == codeLocked)
}

func unavailable(err error) error { return &pipeline.Unavailable{What: what, Err: err} }

func refuse(code, english, vietnamese string, err error) error {
	return pipeline.Refuse(pipeline.Reason{Code: code, English: english, Vietnamese: vietnamese}, err)
}

func refuseURL(address string) error {
	return refuse("csc-url", fmt.Sprintf("not an address of a signing service: %q; want https://HOST/PATH", address),
		"Địa chỉ dịch vụ ký số từ xa không đúng, phải có dạng https://…", nil)
}

func refuseService(why string) error {
	return refuse("csc-service", "the signing service cannot be used: "+why,
		"Không dùng được dịch vụ ký số từ xa này để ký hồ sơ.", nil)
}

func refuseAccess(why string, err error) error {
	return refuse("csc-access", why, "Dịch vụ ký số từ xa không chấp nhận tài khoản kết nối. Hãy kiểm tra mã và mật khẩu ứng dụng.", err)
}

func refuseCredential(choices []string) error {
	if len(choices) == 0 {
		return refuse("csc-credential", "the signing service has no key for this client",
			"Dịch vụ ký số từ xa không có khóa ký nào cho tài khoản này.", nil)
	}
	return refuse("csc-credential", "the signing service has several keys; name one: "+strings.Join(choices, ", "),
		"Dịch vụ ký số từ xa có nhiều khóa ký. Hãy chỉ rõ một khóa.", nil)
}

func refuseDisabled(status string) error {
	return refuse("csc-disabled", "the signing key is not enabled at the service: "+status,
		"Khóa ký số từ xa chưa được kích hoạt hoặc đã bị vô hiệu. Hãy liên hệ nhà cung cấp dịch vụ.", nil)
}

func refuseCertificate(why string, err error) error {
	return refuse("csc-certificate", "the certificate of the signing key cannot be used: "+why,
		"Không dùng được chứng thư số của khóa ký số từ xa (hết hạn, bị thu hồi, tạm dừng hoặc không đọc được).", err)
}

func refuseAlgorithm(why string) error {
	return refuse("csc-algorithm", "the signing key has no algorithm that can be used: "+why,
		"Khóa ký số từ xa không hỗ trợ thuật toán ký phù hợp.", nil)
}

func refuseMismatch(why string) error {
	return refuse("csc-mismatch", "the key of the signing service does not belong to its certificate: "+why,
		"Khóa ký số từ xa không khớp với chứng thư số.", nil)
}

func refuseAuth(why string) error {
	return refuse("csc-auth", "the signing key cannot be used by a program as configured: "+why,
		"Chưa khai báo đủ thông tin xác thực (mã PIN, OTP) để hệ thống tự ký bằng khóa ký số từ xa.", nil)
}
