"""The Zonal Security Plan and the yearly evaluation of hotspots."""
