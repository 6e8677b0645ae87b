using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Projections.Lucene;
using Monolith.Modules.Search;
using Monolith.Modules.Search.CustomerIndex;
using Monolith.Modules.Search.OrderIndex;

namespace Monolith.Search.Tests.Unit;

[Trait("Height", "Unit")]
public sealed class StoreSettingTests
{
    [Theory, InlineData(null), InlineData(""), InlineData("Lucene")]
    public void Rows_go_to_Lucene_unless_told_otherwise(string? store)
    {
        var services = Compose(store).Services;
        foreach (var projection in (string[])[CustomerProjection.Name, OrderProjection.Name])
            services.ShouldContain(service => service.ServiceType == typeof(ILuceneIndex) && projection.Equals(service.ServiceKey));
    }

    [Theory, InlineData("Elasticsearch"), InlineData("Solr"), InlineData("lucene")]
    public void A_store_that_there_is_not_is_refused_by_its_name(string store) =>
        Should.Throw<InvalidSettingException>(() => Compose(store)).Message.ShouldMatch($"^The setting Search__Store is '{store}'.*it must be Lucene[.]$");

    private static WebApplicationBuilder Compose(string? store)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection([new("Search:Store", store)]);
        builder.AddModules(new SearchModule());
        return builder;
    }
}
