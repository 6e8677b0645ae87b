using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Postgres.InProcess;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.Testing.Events;

namespace Monolith.Events.Postgres.Tests;

[Trait("Category", "Module")]
public sealed class InProcessTransportTests(TestPostgres postgres) : TransportContract(postgres)
{
    internal override Task<IRunningTransport> StartAsync(SampleDatabase database) =>
        Task.FromResult<IRunningTransport>(new Running(new InProcessTransport([database.Shop, database.Depot])));

    [Fact]
    public void Log_of_a_module_that_does_not_run_is_refused() =>
        Should.Throw<InvalidOperationException>(
            () => Transport.Open(new Subscription("group", ["absent.events"], new MemoryCheckpoints().TakeAsync)))
            .Message.ShouldBe(
                "group reads absent.events, whose module does not run in this process: "
                + "set Transport=Kafka, or add the module to the setting 'Modules'.");

    [Fact]
    public async Task Failure_in_one_log_ends_the_reader()
    {
        var checkpoints = new MemoryCheckpoints();
        checkpoints.Failures.Enqueue(new InvalidOperationException("a bug"));
        await using var probe = Open("failing", checkpoints, Shop, Database.Depot.Name);

        var failure = await Should.ThrowAsync<InvalidOperationException>(() => probe.Completion.WaitAsync(TimeSpan.FromSeconds(20)));

        failure.Message.ShouldBe("a bug");
    }

    [Fact]
    public async Task Reader_survives_the_loss_of_its_connections()
    {
        var writer = new PostgresWriter(Database.Shop);
        var streams = SampleWriter.Streams(1);
        await writer.CountAsync(streams, 2);
        await using var probe = Open();
        await probe.UntilRecordsAsync(8);

        await Database.ExecuteAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'shop_reader' and datname = current_database()");
        await writer.CountAsync(streams, 2);

        await probe.UntilRecordsAsync(16);
        await ShouldBeTheLogAsync(probe.Records);
    }

    [Fact]
    public async Task Reader_continues_without_reports_of_its_consumer()
    {
        var writer = new PostgresWriter(Database.Shop);
        var streams = SampleWriter.Streams(1);
        await using var reader = Transport.Open(
            new Subscription($"silent.{Shop}", [Shop], new MemoryCheckpoints().TakeAsync) { ReportsApplied = true });
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(45));
        var records = new List<LogRecord>();

        for (var events = 4; events <= 12; events += 4)
        {
            await writer.CountAsync(streams, 1);
            while (records.Count < events)
            {
                if (await reader.Events.ReadAsync(timeout.Token) is ReaderEvent.RecordsRead read)
                    records.AddRange(read.Records);
            }
        }

        await ShouldBeTheLogAsync(records);
    }

    private sealed class Running(IEventTransport transport) : IRunningTransport
    {
        public IEventTransport Transport { get; } = transport;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
