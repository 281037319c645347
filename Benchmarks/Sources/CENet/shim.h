#pragma once
#include <enet/enet.h>
