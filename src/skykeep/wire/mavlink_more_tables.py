"""More MAVLink messages, in the form that `mavlink_tables` describes, and the CRC extras of all the others.

`MORE_MESSAGES` are what autopilots send all the time beside the messages that Skykeep uses: they are read
so that a recording can be looked at whole. `OTHER_EXTRAS` are `id:crc_extra` of messages that are framed,
checked and counted, and not looked into.
Source: the public MAVLink definitions common.xml and ardupilotmega.xml, with what they include.
"""

MORE_MESSAGES = """
22 PARAM_VALUE 220
    char*16:param_id f32:param_value u8:param_type u16:param_count u16:param_index
27 RAW_IMU 144
    u64:time_usec:us i16:xacc:mG i16:yacc:mG i16:zacc:mG i16:xgyro:mrad/s i16:ygyro:mrad/s
    i16:zgyro:mrad/s i16:xmag:mgauss i16:ymag:mgauss i16:zmag:mgauss | u8:id i16:temperature:cdegC
29 SCALED_PRESSURE 115
    u32:time_boot_ms:ms f32:press_abs:hPa f32:press_diff:hPa i16:temperature:cdegC |
    i16:temperature_press_diff:cdegC
32 LOCAL_POSITION_NED 185
    u32:time_boot_ms:ms f32:x:m f32:y:m f32:z:m f32:vx:m/s f32:vy:m/s f32:vz:m/s
35 RC_CHANNELS_RAW 244
    u32:time_boot_ms:ms u8:port u16:chan1_raw:us u16:chan2_raw:us u16:chan3_raw:us u16:chan4_raw:us
    u16:chan5_raw:us u16:chan6_raw:us u16:chan7_raw:us u16:chan8_raw:us u8:rssi
36 SERVO_OUTPUT_RAW 222
    u32:time_usec:us u8:port u16:servo1_raw:us u16:servo2_raw:us u16:servo3_raw:us u16:servo4_raw:us
    u16:servo5_raw:us u16:servo6_raw:us u16:servo7_raw:us u16:servo8_raw:us | u16:servo9_raw:us
    u16:servo10_raw:us u16:servo11_raw:us u16:servo12_raw:us u16:servo13_raw:us u16:servo14_raw:us
    u16:servo15_raw:us u16:servo16_raw:us
39 MISSION_ITEM 254
    u8:target_system u8:target_component u16:seq u8:frame u16:command u8:current u8:autocontinue
    f32:param1 f32:param2 f32:param3 f32:param4 f32:x f32:y f32:z | u8:mission_type
42 MISSION_CURRENT 28
    u16:seq | u16:total u8:mission_state u8:mission_mode
44 MISSION_COUNT 221
    u8:target_system u8:target_component u16:count | u8:mission_type
46 MISSION_ITEM_REACHED 11
    u16:seq
47 MISSION_ACK 153
    u8:target_system u8:target_component u8:type | u8:mission_type
62 NAV_CONTROLLER_OUTPUT 183
    f32:nav_roll:deg f32:nav_pitch:deg i16:nav_bearing:deg i16:target_bearing:deg u16:wp_dist:m
    f32:alt_error:m f32:aspd_error:m/s f32:xtrack_error:m
65 RC_CHANNELS 118
    u32:time_boot_ms:ms u8:chancount u16:chan1_raw:us u16:chan2_raw:us u16:chan3_raw:us
    u16:chan4_raw:us u16:chan5_raw:us u16:chan6_raw:us u16:chan7_raw:us u16:chan8_raw:us
    u16:chan9_raw:us u16:chan10_raw:us u16:chan11_raw:us u16:chan12_raw:us u16:chan13_raw:us
    u16:chan14_raw:us u16:chan15_raw:us u16:chan16_raw:us u16:chan17_raw:us u16:chan18_raw:us
    u8:rssi
73 MISSION_ITEM_INT 38
    u8:target_system u8:target_component u16:seq u8:frame u16:command u8:current u8:autocontinue
    f32:param1 f32:param2 f32:param3 f32:param4 i32:x i32:y f32:z | u8:mission_type
77 COMMAND_ACK 143
    u16:command u8:result | u8:progress i32:result_param2 u8:target_system u8:target_component
87 POSITION_TARGET_GLOBAL_INT 150
    u32:time_boot_ms:ms u8:coordinate_frame u16:type_mask i32:lat_int:degE7 i32:lon_int:degE7
    f32:alt:m f32:vx:m/s f32:vy:m/s f32:vz:m/s f32:afx:m/s/s f32:afy:m/s/s f32:afz:m/s/s f32:yaw:rad
    f32:yaw_rate:rad/s
111 TIMESYNC 34
    i64:tc1:ns i64:ts1:ns
116 SCALED_IMU2 76
    u32:time_boot_ms:ms i16:xacc:mG i16:yacc:mG i16:zacc:mG i16:xgyro:mrad/s i16:ygyro:mrad/s
    i16:zgyro:mrad/s i16:xmag:mgauss i16:ymag:mgauss i16:zmag:mgauss | i16:temperature:cdegC
125 POWER_STATUS 203
    u16:Vcc:mV u16:Vservo:mV u16:flags
136 TERRAIN_REPORT 1
    i32:lat:degE7 i32:lon:degE7 u16:spacing f32:terrain_height:m f32:current_height:m u16:pending
    u16:loaded
150 SENSOR_OFFSETS 134
    i16:mag_ofs_x i16:mag_ofs_y i16:mag_ofs_z f32:mag_declination:rad i32:raw_press i32:raw_temp
    f32:gyro_cal_x f32:gyro_cal_y f32:gyro_cal_z f32:accel_cal_x f32:accel_cal_y f32:accel_cal_z
152 MEMINFO 208
    u16:brkval u16:freemem:bytes | u32:freemem32:bytes
163 AHRS 127
    f32:omegaIx:rad/s f32:omegaIy:rad/s f32:omegaIz:rad/s f32:accel_weight f32:renorm_val
    f32:error_rp f32:error_yaw
164 SIMSTATE 154
    f32:roll:rad f32:pitch:rad f32:yaw:rad f32:xacc:m/s/s f32:yacc:m/s/s f32:zacc:m/s/s
    f32:xgyro:rad/s f32:ygyro:rad/s f32:zgyro:rad/s i32:lat:degE7 i32:lng:degE7
165 HWSTATUS 21
    u16:Vcc:mV u8:I2Cerr
168 WIND 1
    f32:direction:deg f32:speed:m/s f32:speed_z:m/s
174 AIRSPEED_AUTOCAL 167
    f32:vx:m/s f32:vy:m/s f32:vz:m/s f32:diff_pressure:Pa f32:EAS2TAS f32:ratio f32:state_x
    f32:state_y f32:state_z f32:Pax f32:Pby f32:Pcz
178 AHRS2 47
    f32:roll:rad f32:pitch:rad f32:yaw:rad f32:altitude:m i32:lat:degE7 i32:lng:degE7
182 AHRS3 229
    f32:roll:rad f32:pitch:rad f32:yaw:rad f32:altitude:m i32:lat:degE7 i32:lng:degE7 f32:v1 f32:v2
    f32:v3 f32:v4
193 EKF_STATUS_REPORT 71
    u16:flags f32:velocity_variance f32:pos_horiz_variance f32:pos_vert_variance
    f32:compass_variance f32:terrain_alt_variance | f32:airspeed_variance
241 VIBRATION 90
    u64:time_usec:us f32:vibration_x f32:vibration_y f32:vibration_z u32:clipping_0 u32:clipping_1
    u32:clipping_2
"""

OTHER_EXTRAS = """
    4:237 5:217 6:104 7:119 11:89 20:214 21:159 23:168 25:23 26:170 28:67 31:246 34:237 37:212 38:9
    40:230 41:28 43:132 45:232 48:41 49:39 50:78 51:196 54:15 55:3 61:167 63:119 64:191 66:148 67:21
    69:243 70:124 75:158 76:152 81:106 82:49 83:22 84:143 85:140 86:5 89:231 90:183 91:63 92:54 93:47
    100:175 101:102 102:158 103:208 104:56 105:93 106:138 107:108 108:32 109:185 110:84 112:174 113:124
    114:237 115:4 117:128 118:56 119:116 120:134 121:237 122:203 123:250 124:87 126:220 127:25 128:226
    129:46 130:29 131:223 132:85 133:6 134:229 135:203 137:195 138:109 139:168 140:181 141:47 142:72
    143:131 144:127 146:103 149:200 151:219 153:188 154:84 155:22 156:19 157:21 158:134 160:78 161:68
    162:189 166:21 167:144 169:234 170:73 171:181 172:22 173:83 175:138 176:234 177:240 179:189 180:52
    181:174 183:85 184:159 185:186 186:72 191:92 192:36 194:98 195:120 200:134 201:205 214:69 215:101
    216:50 217:202 218:17 219:162 225:208 226:207 230:163 231:105 232:151 233:35 234:150 235:179 243:85
    244:95 247:81 248:8 249:204 250:49 251:170 252:44 254:46 256:71 257:131 258:187 259:92 260:146
    261:179 262:12 263:133 264:49 265:26 266:193 267:35 268:14 269:109 270:59 271:22 275:126 276:18
    277:62 280:70 281:48 282:123 283:74 284:99 285:137 286:210 287:1 288:20 295:234 296:158 299:19
    301:243 310:28 311:95 320:243 321:88 322:243 323:78 324:132 330:23 331:91 332:236 333:231 335:225
    339:199 345:209 350:232 360:11 370:75 373:117 375:251 376:199 385:147 386:132 387:4 388:8 390:156
    9000:113 9005:117 10001:209 10002:186 10003:4 10004:133 10005:103 10006:193 10007:71 10008:240
    10151:195 11000:134 11001:15 11002:234 11003:64 11004:11 11005:93 11010:46 11011:106 11020:205
    11030:144 11031:133 11032:85 11033:195 11034:79 11035:128 11036:177 11037:130 11038:47 11039:142
    11040:132 11041:208 11042:201 11043:193 11044:189 11060:162 12920:20 42000:227 42001:239 50001:246
    50002:181 50003:62 50004:240 50005:152 52000:13 52001:239
"""
