using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Reactors;
using Monolith.Testing.Events;

namespace Monolith.Reactors.Tests;

/// <summary>A reactor in a host, over the log of the shop.</summary>
internal sealed class RunningReactor : IAsyncDisposable
{
    public const string Name = "shop.recorder";

    private readonly ReactorRunner runner;

    private RunningReactor(ReactorRunner runner, ReactorStatus status)
    {
        this.runner = runner;
        Status = status;
    }

    public ReactorStatus Status { get; }

    public static ReactorCheckpoints CheckpointsOf(SampleDatabase database) =>
        new(database.Shop.Database.App, SampleDatabase.ReadSchema, Name);

    public static async Task<RunningReactor> StartAsync(
        SampleDatabase database, IEventTransport transport, Reactor reactor, TimeProvider? clock = null)
    {
        var status = new ReactorStatus(Name, clock ?? TimeProvider.System);
        var definition = new ReactorDefinition(
            Name, [new EventSelection(database.Shop.Catalogue, new HashSet<string> { database.Shop.Catalogue.NameOf(typeof(Counted)) })]);
        var scopes = new ServiceCollection().BuildServiceProvider().GetRequiredService<IServiceScopeFactory>();
        var runner =
            new ReactorRunner(definition, reactor, CheckpointsOf(database), transport, scopes, status, NullLogger<ReactorRunner>.Instance);
        await runner.StartAsync(CancellationToken.None);
        return new RunningReactor(runner, status);
    }

    public async Task<HealthCheckResult> HealthAsync() => await new ReactorHealthCheck(Status).CheckHealthAsync(new HealthCheckContext());

    public async ValueTask DisposeAsync()
    {
        await runner.StopAsync(CancellationToken.None);
        runner.Dispose();
    }
}
