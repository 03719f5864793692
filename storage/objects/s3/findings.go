package s3

import "hoso/storage/objects"

// wording is what an ability, and its absence, means to the people who keep the
// archive.
type wording struct {
	code                       string
	present, presentVietnamese string
	missing, missingVietnamese string
}

// say makes a finding of it.
func (w wording) say(found finding) objects.Ability {
	if found {
		return objects.Ability{Code: w.code, Present: true, English: w.present, Vietnamese: w.presentVietnamese}
	}
	return objects.Ability{Code: w.code, English: w.missing, Vietnamese: w.missingVietnamese}
}

// finding is whether a server has an ability.
type finding bool

// conditionalPut is the ability not to overwrite.
func conditionalPut() wording {
	return wording{
		code:              "conditional-put",
		present:           "The server refuses to overwrite what is written once.",
		presentVietnamese: "Máy chủ lưu trữ từ chối ghi đè lên dữ liệu chỉ được ghi một lần.",
		missing:           "The server overwrites although asked not to (no If-None-Match on PUT): only the lease in the catalog keeps two workers from publishing the same record.",
		missingVietnamese: "Máy chủ lưu trữ vẫn ghi đè dù được yêu cầu không ghi (thiếu If-None-Match khi PUT): chỉ còn khóa trong cơ sở dữ liệu ngăn hai tiến trình cùng công bố một hồ sơ.",
	}
}

// checksum is the ability to check digests.
func checksum() wording {
	return wording{
		code:              "checksum",
		present:           "The server checks the SHA-256 of what it receives and refuses altered bytes.",
		presentVietnamese: "Máy chủ lưu trữ kiểm tra mã băm SHA-256 khi nhận và từ chối dữ liệu bị sai lệch.",
		missing:           "The server does not check SHA-256: bytes altered on the way in are noticed only when they are read back.",
		missingVietnamese: "Máy chủ lưu trữ không kiểm tra mã băm SHA-256: dữ liệu sai lệch trên đường truyền chỉ được phát hiện khi đọc lại.",
	}
}

// versioned is the ability to keep versions.
func versioned() wording {
	return wording{
		code:              "versioning",
		present:           "The bucket keeps earlier versions of what is overwritten or deleted.",
		presentVietnamese: "Kho lưu trữ giữ lại các phiên bản trước khi dữ liệu bị ghi đè hoặc xóa.",
		missing:           "Versioning is off: whoever holds the storage keys can delete or replace an object for good.",
		missingVietnamese: "Chưa bật quản lý phiên bản: người giữ khóa truy cập kho có thể xóa hoặc thay thế dữ liệu vĩnh viễn.",
	}
}

// locked is the ability to lock objects.
func locked() wording {
	return wording{
		code:              "object-lock",
		present:           "The bucket can lock objects until their retention ends (Object Lock).",
		presentVietnamese: "Kho lưu trữ có thể khóa dữ liệu cho đến hết thời hạn lưu giữ (Object Lock).",
		missing:           "Object Lock is off: retention periods rest on access rights alone, not on the storage.",
		missingVietnamese: "Chưa bật khóa đối tượng (Object Lock): thời hạn lưu giữ chỉ dựa vào phân quyền, kho lưu trữ không tự ngăn việc xóa.",
	}
}
