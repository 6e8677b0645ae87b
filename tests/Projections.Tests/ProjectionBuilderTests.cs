using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Projections;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Metrics;
using Monolith.BuildingBlocks.Projections.Postgres;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Sharing;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.Projections.Tests;

[Trait("Category", "Unit")]
public sealed class ProjectionBuilderTests
{
    private static readonly PostgresTable Table = new("counters", "counter_id");

    private readonly ModuleBuilder module = new(
        "Shop", typeof(ProjectionBuilderTests).Assembly, new ServiceCollection(), new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:Monolith", "Host=nowhere")])
            .Build());

    public ProjectionBuilderTests()
    {
        module.Services.AddKeyedSingleton("shop.events", SampleCatalogues.Shop());
        module.Services.AddKeyedSingleton("depot.events", SampleCatalogues.Depot());
    }

    [Fact]
    public void Registered_projection_has_a_status_and_runs()
    {
        module.Projection<ShopCounterProjection>("shop.counters", 1).KeyedByStream().ToPostgres(Table);

        using var services = module.Services.BuildServiceProvider();
        services.GetRequiredService<ProjectionStatus>().Name.ShouldBe("shop.counters");
        Started().ShouldBe(2, "it, and the exchange of the module");
    }

    [Fact]
    public void All_projections_of_a_module_share_an_exchange()
    {
        module.Projection<ShopCounterProjection>("shop.counters", 1).KeyedByStream().ToPostgres(Table);
        module.Projection<ShopCounterProjection>("shop.others", 1).KeyedByStream().ToPostgres(Table with { Name = "others" });

        using var services = module.Services.BuildServiceProvider();
        services.GetKeyedServices<ProjectionProgress>("shop_read_progress")
            .Select(projection => projection.Name)
            .ShouldBe(["shop.counters", "shop.others"]);
        Started().ShouldBe(3);
    }

    [Fact]
    public void Dead_letters_and_stopped_partitions_are_measured()
    {
        module.Projection<ShopCounterProjection>("shop.counters", 1).KeyedByStream().ToPostgres(Table);
        module.Projection<ShopCounterProjection>("shop.others", 1).KeyedByStream().ToPostgres(Table with { Name = "others" });
        using var services = module.Services.BuildServiceProvider();
        var live = new Generation(
            2,
            1,
            Purpose.Rebuild,
            GenerationState.Live,
            Promotion.None,
            null,
            DateTimeOffset.UnixEpoch,
            null,
            null,
            null,
            null,
            false,
            null,
            null,
            null,
            false);
        var stopped = new PartitionCursor(new Checkpoint(new LogPartition("shop.events", 3), 1, 0, null, 0, null), "here");
        stopped.StopAt(0, "it cannot be read");
        var progress = new GenerationProgress(new LogSignal(), TimeProvider.System);
        progress.Publish([stopped]);
        services.GetRequiredKeyedService<ProjectionStatus>("shop.counters")
            .Update(new Registry([live], false, new Dictionary<int, long> { [1] = 5, [2] = 704 }, false), progress, null);
        var measured = new Dictionary<string, long>();

        module.Services.Count(
            service => service.ServiceType == typeof(IHostedService) && service.ImplementationType == typeof(ProjectionMetrics))
            .ShouldBe(1, "it lives as long as the host");
        using var metrics = ActivatorUtilities.CreateInstance<ProjectionMetrics>(services);
        using var listener = new MeterListener { InstrumentPublished = (instrument, listening) => Listen(instrument, listening) };
        listener.SetMeasurementEventCallback<long>(
            (instrument, value, tags, _) => measured.Add($"{instrument.Name} {tags[0].Value}", value));
        listener.Start();
        listener.RecordObservableInstruments();

        measured.ShouldBe(new Dictionary<string, long>
        {
            ["monolith.projection.dead_letters shop.counters"] = 704,
            ["monolith.projection.dead_letters shop.others"] = 0,
            ["monolith.projection.stopped_partitions shop.counters"] = 1,
            ["monolith.projection.stopped_partitions shop.others"] = 0,
        });

        static void Listen(Instrument instrument, MeterListener listening)
        {
            if (instrument.Meter.Name == "Monolith.Projections")
                listening.EnableMeasurementEvents(instrument);
        }
    }

    [Fact]
    public void Only_a_keyed_projection_goes_to_PostgreSQL() =>
        Refused(() => module.Projection<object>("shop.counters", 1).ToPostgres(Table), "Object is no KeyedProjection");

    [Fact]
    public void Keyed_by_stream_takes_one_log() => Refused(
        () => module.Projection<CounterProjection>("shop.counters", 1).KeyedByStream().ToPostgres(Table),
        "shop.counters cannot be keyed by the stream id: that takes one log");

    [Fact]
    public void Keyed_by_stream_takes_an_id_as_key() => Refused(
        () => module.Projection<NumberProjection>("shop.numbers", 1).KeyedByStream().ToPostgres(new("numbers", "number")),
        "shop.numbers cannot be keyed by the stream id: that takes one log, and a Guid as key");

    [Fact]
    public void Projection_folds_at_least_one_event() =>
        Refused(() => module.Projection<NoProjection>("shop.counters", 1).ToPostgres(Table), "shop.counters folds no event");

    [Fact]
    public void Event_of_an_unknown_log_is_refused() => Refused(
        () => module.Projection<StrangeProjection>("shop.strange", 1).ToPostgres(Table), "No log is known that has the event Strange");

    [Fact]
    public void Projection_reads_the_events_that_it_folds()
    {
        module.Projection<CounterProjection>("shop.counters", 1).ToPostgres(Table);

        using var services = module.Services.BuildServiceProvider();
        var sources = services.GetRequiredKeyedService<ProjectionDefinition>("shop.counters").Sources;
        sources.Select(source => source.Catalogue.Log).ShouldBe(["shop.events", "depot.events"]);
        sources[0].Types.ShouldBe(["shop.counted.v1", "shop.named.v1", "shop.removed.v1"], ignoreOrder: true);
        sources[1].Types.ShouldBe(["depot.stocked.v1"]);
    }

    [Fact]
    public void Projection_of_a_whole_log_reads_every_type()
    {
        module.Projection<NumberProjection>("shop.numbers", 1).ToPostgres(new("numbers", "number"));

        using var services = module.Services.BuildServiceProvider();
        var source = services.GetRequiredKeyedService<ProjectionDefinition>("shop.numbers").Sources.ShouldHaveSingleItem();
        source.Types.ShouldBeNull();
        source.Wants("shop.unheard-of.v1").ShouldBeTrue();
    }

    [Fact]
    public void Event_type_is_folded_once() => Refused(() => _ = new RepeatedProjection(), "RepeatedProjection folds Counted twice");

    [Fact]
    public void Projection_name_is_unique()
    {
        module.Projection<CounterProjection>("shop.counters", 1).ToPostgres(Table);

        Refused(
            () => module.Projection<CounterProjection>("shop.counters", 2).ToPostgres(Table),
            "There is already a projection shop.counters");
    }

    private int Started() =>
        module.Services.Count(service => service.ServiceType == typeof(IHostedService) && service.ImplementationFactory is not null);

    private static void Refused(Action registration, string reason) =>
        Should.Throw<InvalidOperationException>(registration).Message.ShouldContain(reason);

    private sealed record NumberRow(long Number);

    private sealed class NumberProjection : KeyedProjection<long, NumberRow>
    {
        public NumberProjection()
        {
            On<Counted>(_ => 1, (_, row) => row);
            OnAll("shop.events", _ => 1, (_, row) => row);
        }
    }

    private sealed class NoProjection : KeyedProjection<Guid, CounterRow>;

    private sealed class RepeatedProjection : KeyedProjection<Guid, CounterRow>
    {
        public RepeatedProjection()
        {
            On<Counted>(e => e.CounterId, (_, row) => row);
            On<Counted>(e => e.CounterId, (_, row) => row);
        }
    }

    private sealed record Strange : IEvent;

    private sealed class StrangeProjection : KeyedProjection<Guid, CounterRow>
    {
        public StrangeProjection() => On<Strange>(_ => Guid.Empty, (_, row) => row);
    }
}
