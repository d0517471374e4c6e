-- A log of the first format as its program left it: entries 0 to 6 of the tests' fixture.
PRAGMA application_id = 1347441483;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE log (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        origin TEXT NOT NULL,
        signer BLOB NOT NULL CHECK (length(signer) = 32),
        checkpoint TEXT NOT NULL
    ) STRICT;
INSERT INTO log VALUES(1,'propusk.example/door',X'8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c',replace('propusk.example/door\n7\nk+okliuJOWg4NhDBiZxj94cUu8VPwAflFK4/yMTyHXs=\n\n— propusk.example/door MlFmSpnpiLAhTc18PF2Ex7vDQ6ie+3Q2cDOtzdZF8yfGrRbtIZ2LWiaIkmBfai4LdK2CwsiAKNneRfKpxMC6gwmjGAo=\n','\n',char(10)));
CREATE TABLE entry (
        position INTEGER PRIMARY KEY CHECK (position >= 0),
        at INTEGER NOT NULL,
        outcome INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 2),
        reason TEXT NOT NULL,
        stage TEXT NOT NULL,
        kind TEXT,
        identity BLOB CHECK (length(identity) = 32),
        person BLOB CHECK (length(person) = 32),
        key_set_version INTEGER NOT NULL CHECK (key_set_version >= 0),
        demo INTEGER NOT NULL CHECK (demo BETWEEN 0 AND 1),
        salt BLOB NOT NULL CHECK (length(salt) = 32)
    ) STRICT;
INSERT INTO entry VALUES(0,0,0,'accepted','rules','vaccination',X'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',NULL,4,1,X'0000000000000000a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5');
INSERT INTO entry VALUES(1,1,1,'refused','rules',NULL,X'fefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefe',X'0101010101010101010101010101010101010101010101010101010101010101',4,0,X'0000000000000001a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5');
INSERT INTO entry VALUES(2,2,2,'cannot_tell','rules','vaccination',X'fdfdfdfdfdfdfdfdfdfdfdfdfdfdfdfdfdfdfdfdfdfdfdfdfdfdfdfdfdfdfdfd',X'0202020202020202020202020202020202020202020202020202020202020202',4,0,X'0000000000000002a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5');
INSERT INTO entry VALUES(3,3,0,'accepted','rules',NULL,X'fcfcfcfcfcfcfcfcfcfcfcfcfcfcfcfcfcfcfcfcfcfcfcfcfcfcfcfcfcfcfcfc',X'0303030303030303030303030303030303030303030303030303030303030303',4,0,X'0000000000000003a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5');
INSERT INTO entry VALUES(4,4,1,'refused','rules','vaccination',X'fbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfb',X'0404040404040404040404040404040404040404040404040404040404040404',4,0,X'0000000000000004a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5');
INSERT INTO entry VALUES(5,5,2,'cannot_tell','rules',NULL,X'fafafafafafafafafafafafafafafafafafafafafafafafafafafafafafafafa',NULL,4,0,X'0000000000000005a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5');
INSERT INTO entry VALUES(6,6,0,'accepted','rules','vaccination',X'f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9',X'0101010101010101010101010101010101010101010101010101010101010101',4,0,X'0000000000000006a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5');
CREATE TABLE node (
        level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 63),
        position INTEGER NOT NULL CHECK (position >= 0),
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        PRIMARY KEY (level, position)
    ) STRICT, WITHOUT ROWID;
INSERT INTO node VALUES(0,0,X'94719ad8fa2caeb1c864a6ea5ec5ea711bdff5b7edefe3a8dabdaf5bf67bab4d');
INSERT INTO node VALUES(0,1,X'e7cdde84e5ff45efa937e44755de70193bae88c91b91084a4f771924067a7e1b');
INSERT INTO node VALUES(0,2,X'9ce523cae9327f8614f715411df934162449cfe2eaf74ca0a98d06d5dbcc3fa3');
INSERT INTO node VALUES(0,3,X'a1e09ef5f090f64470a737a8c7d6e1527a64bcbb3ec6ac4e6d0fd25790e50ab0');
INSERT INTO node VALUES(0,4,X'6fa49cd65a4a126a183a504eebd338f94b1ca2bef1740dbbfcd52bbd015fc883');
INSERT INTO node VALUES(0,5,X'8f564685905c4017efc7cb3a45f286707b1743b11c98d66f9ecd93ada1d12df8');
INSERT INTO node VALUES(0,6,X'e714833b99b73d16fb44e29f977403fb035e655ee05c4b5ba30aa5ea7559b390');
INSERT INTO node VALUES(1,0,X'8c8485769c01d0cff8b244b98a99d322402201aed484a3d6d001be65cc6f3f87');
INSERT INTO node VALUES(1,1,X'97084a42b0e9b6793cd210ca2bd49dec7f56a739111ae005a9d21c569793e248');
INSERT INTO node VALUES(1,2,X'8010dcadc5112ccf9be54aa3c30a487d6e62a6e7dcc67ea08313bcdcae10fdaf');
INSERT INTO node VALUES(2,0,X'0e096233558b644dee41c3c16d647686df6bf0b52243771f59e97a9c934093c5');
CREATE INDEX entry_by_time ON entry (at, outcome);
CREATE INDEX entry_by_person ON entry (person, at) WHERE person IS NOT NULL;
COMMIT;
