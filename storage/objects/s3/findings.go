package s3

import "hoso/storage/objects"

// What each ability, or its absence, means to the people who keep the archive.

func conditionalPut(present bool) objects.Ability {
	a := objects.Ability{
		Code: "conditional-put", Present: present,
		English:    "The server refuses to overwrite what is written once.",
		Vietnamese: "Máy chủ lưu trữ từ chối ghi đè lên dữ liệu chỉ được ghi một lần.",
	}
	if !present {
		a.English = "The server overwrites although asked not to (no If-None-Match on PUT): only the lease in the catalog keeps two workers from publishing the same record."
		a.Vietnamese = "Máy chủ lưu trữ vẫn ghi đè dù được yêu cầu không ghi (thiếu If-None-Match khi PUT): chỉ còn khóa trong cơ sở dữ liệu ngăn hai tiến trình cùng công bố một hồ sơ."
	}
	return a
}

func checksum(present bool) objects.Ability {
	a := objects.Ability{
		Code: "checksum", Present: present,
		English:    "The server checks the SHA-256 of what it receives and refuses altered bytes.",
		Vietnamese: "Máy chủ lưu trữ kiểm tra mã băm SHA-256 khi nhận và từ chối dữ liệu bị sai lệch.",
	}
	if !present {
		a.English = "The server does not check SHA-256: bytes altered on the way in are noticed only when they are read back."
		a.Vietnamese = "Máy chủ lưu trữ không kiểm tra mã băm SHA-256: dữ liệu sai lệch trên đường truyền chỉ được phát hiện khi đọc lại."
	}
	return a
}

func versioned(present bool) objects.Ability {
	a := objects.Ability{
		Code: "versioning", Present: present,
		English:    "The bucket keeps earlier versions of what is overwritten or deleted.",
		Vietnamese: "Kho lưu trữ giữ lại các phiên bản trước khi dữ liệu bị ghi đè hoặc xóa.",
	}
	if !present {
		a.English = "Versioning is off: whoever holds the storage keys can delete or replace an object for good."
		a.Vietnamese = "Chưa bật quản lý phiên bản: người giữ khóa truy cập kho có thể xóa hoặc thay thế dữ liệu vĩnh viễn."
	}
	return a
}

func locked(present bool) objects.Ability {
	a := objects.Ability{
		Code: "object-lock", Present: present,
		English:    "The bucket can lock objects until their retention ends (Object Lock).",
		Vietnamese: "Kho lưu trữ có thể khóa dữ liệu cho đến hết thời hạn lưu giữ (Object Lock).",
	}
	if !present {
		a.English = "Object Lock is off: retention periods rest on access rights alone, not on the storage."
		a.Vietnamese = "Chưa bật khóa đối tượng (Object Lock): thời hạn lưu giữ chỉ dựa vào phân quyền, kho lưu trữ không tự ngăn việc xóa."
	}
	return a
}
