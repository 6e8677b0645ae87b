using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Postgres;
using Monolith.BuildingBlocks.Projections;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Elasticsearch;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.Testing.Processes;

namespace Monolith.Projections.Elasticsearch.Tests;

[Trait("Category", "Unit")]
public sealed class ElasticsearchRegistrationTests
{
    [Fact]
    public async Task Projection_without_server_refuses_queries()
    {
        var module = ModuleWith(FreeAddress.Http().ToString());
        module.Projection<ShopCounterProjection>("shop.counters", 1)
            .KeyedByStream()
            .ToElasticsearch(ElasticsearchUnderTest.MappingOf<CounterRow>());

        await using var services = module.Services.BuildServiceProvider();
        module.Services.ShouldNotContain(service => service.ServiceType == typeof(ModuleDatabase));
        services.GetRequiredKeyedService<IGenerationRegistry>("shop.counters").Store.ShouldBe("elasticsearch");
        services.GetRequiredKeyedService<IGenerationRegistry>("shop.counters").Instance.ShouldBeNull();
        var index = services.GetRequiredKeyedService<IElasticsearchIndex>("shop.counters");
        (
            await Should.ThrowAsync<StorageUnavailableException>(
                () =>
                    index.SearchAsync(
                        "{}"u8.ToArray(), null, TestContext.Current.CancellationToken))).Message.ShouldContain("does not answer");
    }

    [Fact]
    public void Projection_not_keyed_by_the_stream_is_refused() =>
        Should.Throw<InvalidOperationException>(
            () =>
                ModuleWith("http://127.0.0.1:9200")
                    .Projection<ShopCounterProjection>("shop.counters", 1)
                    .ToElasticsearch(ElasticsearchUnderTest.MappingOf<CounterRow>()))
            .Message.ShouldContain("shop.counters cannot go to Elasticsearch: that takes only projections that are KeyedByStream()");

    [Theory]
    [InlineData(null, "Elasticsearch__Url is not set: say where it is (an address like http://search:9200)")]
    [InlineData("search:9200", "it must be an address like http://search:9200")]
    [InlineData("ftp://user:secret@search:9200", "'…@search:9200'")]
    public void Invalid_address_is_refused_at_the_start(string? url, string message)
    {
        var refused = Should.Throw<InvalidSettingException>(
            () =>
                ModuleWith(url)
                    .Projection<ShopCounterProjection>("shop.counters", 1)
                    .KeyedByStream()
                    .ToElasticsearch(ElasticsearchUnderTest.MappingOf<CounterRow>()));
        refused.Message.ShouldContain(message);
        refused.Message.ShouldNotContain("secret");
    }

    private static ModuleBuilder ModuleWith(string? url)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Elasticsearch:Url", url)]).Build();
        var module = new ModuleBuilder("Shop", typeof(ElasticsearchRegistrationTests).Assembly, new ServiceCollection(), configuration);
        module.Services.AddSingleton<IConfiguration>(configuration);
        module.Services.AddSingleton(TimeProvider.System);
        module.Services.AddLogging();
        module.Services.AddKeyedSingleton("shop.events", SampleCatalogues.Shop());
        return module;
    }
}
