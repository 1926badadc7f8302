DROP TABLE world_account, world_meter, world_scale, world_reading, world_charge, world_payment, world_share, world_online, world_book,
    world_transfer;
