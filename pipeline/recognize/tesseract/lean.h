#ifndef HOSO_LEAN_H
#define HOSO_LEAN_H

#include <stdbool.h>

void hoso_lean(bool lean);
bool hoso_trusted(void);

#endif
