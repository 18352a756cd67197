"""The host of Official Accounts and Mini Programs (`api.weixin.qq.com`): followers, codes with a scene, messages, logins.

Both kinds of account share tokens, error lines and callbacks, so they share this package; what only a Mini Program has
is in `wecom_simulator.mini`. Not here: menus, materials, mass messages, what pages show.
"""
