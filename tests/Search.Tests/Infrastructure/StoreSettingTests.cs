using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Projections.Elasticsearch;
using Monolith.BuildingBlocks.Projections.Lucene;
using Monolith.BuildingBlocks.Web.Modules;
using Monolith.Modules.Search;
using Monolith.Modules.Search.Infrastructure.Projections;

namespace Monolith.Search.Tests.Infrastructure;

[Trait("Category", "Unit")]
public sealed class StoreSettingTests
{
    [Theory, InlineData(null), InlineData(""), InlineData("Lucene")]
    public void Lucene_is_the_default_store(string? store)
    {
        var services = Compose(store).Services;
        foreach (var projection in (string[])[CustomerProjection.Name, OrderProjection.Name])
            services.ShouldContain(service => service.ServiceType == typeof(ILuceneIndex) && projection.Equals(service.ServiceKey));
    }

    [Fact]
    public void Elasticsearch_setting_registers_Elasticsearch()
    {
        var services = Compose("Elasticsearch", "http://search:9200").Services;
        foreach (var projection in (string[])[CustomerProjection.Name, OrderProjection.Name])
            services.ShouldContain(service => service.ServiceType == typeof(IElasticsearchIndex) && projection.Equals(service.ServiceKey));
        services.ShouldNotContain(service => service.ServiceType == typeof(ILuceneIndex));
    }

    [Theory, InlineData(null), InlineData("")]
    public void Missing_address_fails_with_a_one_line_message(string? url)
    {
        Should.Throw<InvalidSettingException>(() => Compose("Elasticsearch", url)).Message.ShouldBe(
            "Rows go to Elasticsearch, but Elasticsearch__Url is not set: say where it is (an address like http://search:9200).");
        Should.NotThrow(() => Compose("Lucene", url));
    }

    [Theory, InlineData("search:9200"), InlineData("ftp://search"), InlineData("9200")]
    public void Invalid_address_fails_with_a_one_line_message(string url)
    {
        var fault = Should.Throw<InvalidSettingException>(() => Compose("Elasticsearch", url)).Message;
        fault.ShouldBe($"The setting Elasticsearch__Url is '{url}'; it must be an address like http://search:9200.");
        Should.NotThrow(() => Compose("Lucene", url));
    }

    [Theory, InlineData("Solr"), InlineData("lucene"), InlineData("elasticsearch")]
    public void Unknown_store_is_rejected_by_name(string store) =>
        Should.Throw<InvalidSettingException>(() => Compose(store)).Message.ShouldMatch(
            $"^The setting Search__Store is '{store}'.*it must be Lucene or Elasticsearch[.]$");

    private static WebApplicationBuilder Compose(string? store, string? url = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection([new("Search:Store", store), new("Elasticsearch:Url", url)]);
        builder.AddModules(new SearchModule());
        return builder;
    }
}
