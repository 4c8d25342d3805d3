/* minimp3 names it and needs nothing of it. */
#pragma once
