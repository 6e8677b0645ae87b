using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Monolith.Host.Logging;

/// <summary>The log of the host.</summary>
internal static class LoggingRegistration
{
    /// <summary>Limits repeated warnings and errors of all loggers, those of libraries included.</summary>
    public static void LimitRepeats(this ILoggingBuilder logging) =>
        logging.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(Factory));

    private static RepeatLimitedLoggerFactory Factory(IServiceProvider services) => new(
        new LoggerFactory(
            services.GetServices<ILoggerProvider>(),
            services.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>(),
            services.GetRequiredService<IOptions<LoggerFactoryOptions>>(),
            services.GetService<IExternalScopeProvider>()),
        TimeProvider.System);
}
