from . import buy_link
from . import file_box
