namespace Monolith.BuildingBlocks.LocalServers;

/// <summary>The configuration files of a single KRaft node.</summary>
internal static class KafkaProperties
{
    public static string SingleNode(int port, int controllerPort, string records) => $"""
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:{controllerPort}
        listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controllerPort}
        advertised.listeners=PLAINTEXT://127.0.0.1:{port}
        inter.broker.listener.name=PLAINTEXT
        controller.listener.names=CONTROLLER
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
        log.dirs={records}
        # The host creates its topics itself.
        auto.create.topics.enable=false
        # Events are kept for ever.
        log.retention.ms=-1
        log.retention.bytes=-1
        # One node.
        default.replication.factor=1
        min.insync.replicas=1
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=8
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        transaction.state.log.num.partitions=4
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.min.isr=1
        # A group of one starts at once.
        group.initial.rebalance.delay.ms=0
        # After a kill -9 the node waits until the session of its previous process has expired.
        broker.session.timeout.ms=3000
        broker.heartbeat.interval.ms=500
        # The cleaner's default buffer is a quarter of our heap.
        log.cleaner.dedupe.buffer.size=16777216

        """;

    // Warnings and errors only. The folder's server.log is truncated at every start.
    public const string Logging = """
        rootLogger.level=warn
        rootLogger.appenderRef.console.ref=console
        appender.console.type=Console
        appender.console.name=console
        appender.console.layout.type=PatternLayout
        appender.console.layout.pattern=%d{ISO8601} %p %m (%c)%n%throwable{short.message}

        """;
}
