package shelf_test

import (
	"fmt"

	"hoso/pipeline/shelf"
)

func ExampleMapping_Plan() {
	var t shelf.Tree
	for _, path := range []string{
		"2022/000.00.15.H42-221011-0001 Nguyễn Văn A/Giấy khai sinh 1.jpg",
		"2022/000.00.15.H42-221011-0001 Nguyễn Văn A/Giấy khai sinh 2.jpg",
		"2022/000.00.15.H42-221011-0001 Nguyễn Văn A/KQ/Quyết định.pdf",
		"2022/000.00.15.H42-221311-0002/Đơn.pdf",
		"2022/Thumbs.db",
	} {
		t.Entries = append(t.Entries, shelf.Entry{Path: path, Size: 1})
	}
	plan := shelf.Default().Plan(t)
	for _, p := range plan.Papers {
		fmt.Println(p.Number, p.Kind, p.Called, len(p.Files))
	}
	for _, h := range plan.Held {
		fmt.Println(h.Files, h.Reason.Code)
	}
	fmt.Println(plan.Ignored)
	// Output:
	// 000.00.15.H42-221011-0001 component Giấy khai sinh 2
	// 000.00.15.H42-221011-0001 result Quyết định 1
	// [2022/000.00.15.H42-221311-0002/Đơn.pdf] number-garbled
	// [{2022/Thumbs.db system}]
}
