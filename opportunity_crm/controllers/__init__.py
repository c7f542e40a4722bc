from . import file_box
