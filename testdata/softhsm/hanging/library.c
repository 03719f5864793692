/* A PKCS#11 library that hands everything to another one, but signs nothing as long as a
 * file lies in its way: like a security module whose network is cut without a word. */
#define CK_PTR *
#define NULL_PTR 0
#define CK_DEFINE_FUNCTION(type, name) type name
#define CK_DECLARE_FUNCTION(type, name) type name
#define CK_DECLARE_FUNCTION_POINTER(type, name) type(*name)
#define CK_CALLBACK_FUNCTION(type, name) type(*name)
#include "pkcs11.h"

#include <dlfcn.h>
#include <unistd.h>

static CK_FUNCTION_LIST own;
static CK_FUNCTION_LIST_PTR other;

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR signature,
                  CK_ULONG_PTR size) {
  while (access(GATE, F_OK) == 0)
    usleep(1000);
  return other->C_Sign(session, data, length, signature, size);
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
  if (other == 0) {
    void *library = dlopen(REAL, RTLD_NOW);
    CK_C_GetFunctionList get = library ? (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList") : 0;
    if (get == 0 || get(&other) != CKR_OK)
      return CKR_GENERAL_ERROR;
    own = *other;
    own.C_Sign = sign;
  }
  *list = &own;
  return CKR_OK;
}
