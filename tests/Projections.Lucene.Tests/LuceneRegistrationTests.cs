using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Postgres.InProcess;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Postgres;
using Monolith.BuildingBlocks.Projections;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Lucene;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.Testing;

namespace Monolith.Projections.Lucene.Tests;

[Trait("Category", "Unit")]
public sealed class LuceneRegistrationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ModuleBuilder module;

    public LuceneRegistrationTests()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Stores:Folder", folder.Path)]).Build();
        module = new ModuleBuilder("Shop", typeof(LuceneRegistrationTests).Assembly, new ServiceCollection(), configuration);
        module.Services.AddSingleton<IConfiguration>(configuration);
        module.Services.AddSingleton(TimeProvider.System);
        module.Services.AddLogging();
        module.Services.AddKeyedSingleton("shop.events", SampleCatalogues.Shop());
        module.Services.AddSingleton<IEventTransport>(new InProcessTransport([]));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Projection_without_database_refuses_queries_until_built()
    {
        module.Projection<ShopCounterProjection>("shop.counters", 1).KeyedByStream().ToLucene(LuceneUnderTest.MappingOf<CounterRow>());

        await using var services = module.Services.BuildServiceProvider();
        module.Services.ShouldNotContain(service => service.ServiceType == typeof(ModuleDatabase));
        module.Services.ShouldNotContain(service => service.ServiceType == typeof(ReadSchema));
        var index = services.GetRequiredKeyedService<ILuceneIndex>("shop.counters");
        Should.Throw<ReadModelBuildingException>(() => index.Read(_ => 0)).Message.ShouldContain(
            "shop.counters is being built for the first time");
        var registry = services.GetRequiredKeyedService<IGenerationRegistry>("shop.counters");
        registry.Store.ShouldBe("lucene");
        await registry.PrepareAsync(TestContext.Current.CancellationToken);
        Should.Throw<ReadModelBuildingException>(() => index.Read(_ => 0));
        services.GetRequiredKeyedService<IProjectionControl>("shop.counters").ShouldNotBeNull();
        Directory.Exists(folder.Below("shop.counters")).ShouldBeTrue();
    }

    [Fact]
    public void Rows_of_another_fold_are_refused() =>
        Should.Throw<InvalidOperationException>(
            () => module.Projection<ShopCounterProjection>("shop.counters", 1).ToLucene(LuceneUnderTest.MappingOf<OtherRow>()))
            .Message.ShouldContain("shop.counters has rows CounterRow by Guid, but its store is declared for OtherRow by Guid");

    private sealed record OtherRow(Guid CounterId);
}
