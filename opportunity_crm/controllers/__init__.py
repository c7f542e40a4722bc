from . import buy_link
from . import file_box
from . import unsubscribe
