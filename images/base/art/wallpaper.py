#!/usr/bin/env python3
"""Draws the wallpaper, a row house under one long roof, as SVG: wallpaper.py > ../rootfs/usr/share/nagaya/wallpaper.svg"""
W, H = 2560, 1600
out = []
put = out.append
put(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {W} {H}" width="{W}" height="{H}">')
put('<defs>'
    '<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#dfe7ea"/>'
    '<stop offset=".55" stop-color="#f3ece0"/><stop offset="1" stop-color="#f6e3cf"/></linearGradient>'
    '<linearGradient id="roof" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#3a5069"/>'
    '<stop offset="1" stop-color="#28394c"/></linearGradient>'
    '<pattern id="tiles" width="40" height="34" patternUnits="userSpaceOnUse">'
    '<path d="M0 0V34" stroke="#22303f" stroke-width="5" opacity=".5"/>'
    '<path d="M6 0V34" stroke="#5b738d" stroke-width="3" opacity=".45"/>'
    '<path d="M0 33H40" stroke="#1d2935" stroke-width="2" opacity=".35"/></pattern></defs>')
put(f'<rect width="{W}" height="{H}" fill="url(#sky)"/>')
put('<circle cx="1960" cy="470" r="150" fill="#e9a27c" opacity=".55"/>')
# Hills, far and near.
put('<path d="M0 930C300 800 520 860 800 900S1400 760 1720 850 2300 900 2560 820V1430H0Z" fill="#c9d3d2"/>')
put('<path d="M0 1010C260 950 620 990 900 960S1500 900 1850 980 2400 960 2560 930V1430H0Z" fill="#b3c2bf"/>')
# Ground.
put(f'<rect y="1420" width="{W}" height="180" fill="#cbbfa8"/><rect y="1420" width="{W}" height="10" fill="#a99b82"/>')
# The wall, unit by unit: posts, a sliding door, a lattice window, a curtain in the colour of who lives there.
left, width, units = 120, 290, 8
curtains = ['#c4573a', '#2f6a74', '#8a6a2f', '#6b4a78', '#3e7236', '#275a97', '#b0842c', '#94434f']
put(f'<rect x="{left}" y="1130" width="{width * units}" height="300" fill="#efe5d0"/>')
put(f'<rect x="{left}" y="1345" width="{width * units}" height="85" fill="#8d7658"/>')
for i in range(units):
    x = left + i * width
    put(f'<rect x="{x - 7}" y="1130" width="14" height="300" fill="#5a4834"/>')
    door = x + 34
    put(f'<rect x="{door}" y="1205" width="112" height="225" fill="#6b563d"/>')
    put(f'<rect x="{door + 8}" y="1213" width="96" height="217" fill="#f9f1dc"/>')
    for k in range(1, 4):
        put(f'<rect x="{door + 8 + k * 24 - 2}" y="1213" width="4" height="217" fill="#8d7658"/>')
    for k in range(1, 4):
        put(f'<rect x="{door + 8}" y="{1213 + k * 54}" width="96" height="4" fill="#8d7658"/>')
    for k in range(3):
        put(f'<rect x="{door - 6 + k * 42}" y="1200" width="40" height="76" fill="{curtains[i]}"/>')
    put(f'<circle cx="{door + 56}" cy="1238" r="15" fill="#fbf8f2" opacity=".9"/>')
    window = x + 170
    put(f'<rect x="{window}" y="1215" width="90" height="104" fill="#6b563d"/>'
        f'<rect x="{window + 6}" y="1221" width="78" height="92" fill="{"#f7dfa6" if i % 3 else "#e6d9bd"}"/>')
    for k in range(1, 9):
        put(f'<rect x="{window + 6 + k * 8.6:.1f}" y="1221" width="4" height="92" fill="#7d664a"/>')
put(f'<rect x="{left + width * units - 7}" y="1130" width="14" height="300" fill="#5a4834"/>')
# One roof over all of them.
end = left + width * units
put(f'<polygon points="{left - 90},1170 {end + 90},1170 {end - 40},940 {left + 40},940" fill="url(#roof)"/>')
put(f'<polygon points="{left - 90},1170 {end + 90},1170 {end - 40},940 {left + 40},940" fill="url(#tiles)"/>')
put(f'<rect x="{left + 10}" y="918" width="{end - left - 20}" height="34" rx="12" fill="#22303f"/>')
put(f'<rect x="{left - 100}" y="1164" width="{end - left + 200}" height="20" rx="8" fill="#22303f"/>')
put(f'<rect x="{left}" y="1184" width="{end - left}" height="16" fill="#000" opacity=".14"/>')
put('</svg>')
print('\n'.join(out))
