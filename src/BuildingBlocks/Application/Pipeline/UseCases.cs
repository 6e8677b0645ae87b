using System.Reflection;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Application.Idempotency;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Idempotency;
using Monolith.BuildingBlocks.Events.Writing;
using Monolith.BuildingBlocks.Modules;

namespace Monolith.BuildingBlocks.Application.Pipeline;

/// <summary>Registers a module's use cases: every handler and validator of its assembly, with the pipeline.</summary>
public static class UseCases
{
    private static readonly MethodInfo CommandMethod = Method(nameof(AddCommand));
    private static readonly MethodInfo QueryMethod = Method(nameof(AddQuery));

    /// <summary>Registers the module's command and query handlers with their validators and the pipeline.</summary>
    /// <param name="module">
    /// The module; its <see cref="IUnitOfWork"/> and <see cref="IIdempotencyKeys"/> are registered under its name.
    /// </param>
    /// <exception cref="InvalidOperationException">A command has no validator.</exception>
    public static void AddUseCases(this ModuleBuilder module)
    {
        module.Services.TryAddSingleton(TimeProvider.System);
        module.Services.TryAddScoped<CommandContext>();
        module.Services.TryAddScoped<ServiceFactory>(services => services.GetService!);
        module.Services.TryAddScoped<IMediator, Mediator>();
        module.Services.TryAddScoped<IDispatcher, Dispatcher>();

        module.Services.TryAddSingleton<InFlightKeys>();
        module.Services.TryAddSingleton(services => new KeyedRequests(
            services.GetRequiredService<InFlightKeys>(),
            services.GetKeyedServices<IIdempotencyKeys>(KeyedService.AnyKey),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<KeyedRequests>>()));
        module.Services.AddKeyedSingleton(module.Name, (services, _) => LookupOf(services, module.Name));

        var types = module.Assembly.GetTypes().Where(type => type is { IsAbstract: false, IsInterface: false }).ToArray();
        foreach (var (type, validated) in Implementations(types, typeof(IValidator<>)))
            module.Services.AddSingleton(validated, type);

        foreach (var (type, handled) in Implementations(types, typeof(ICommandHandler<,>)))
            Register(CommandMethod, type, handled, module);

        foreach (var (type, handled) in Implementations(types, typeof(IQueryHandler<,>)))
            Register(QueryMethod, type, handled, module);
    }

    private static void Register(MethodInfo method, Type handler, Type handled, ModuleBuilder module) =>
        method.MakeGenericMethod([handler, .. handled.GetGenericArguments()])
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [module], null);

    private static void AddCommand<THandler, TCommand, T>(ModuleBuilder module)
        where THandler : class, ICommandHandler<TCommand, T>
        where TCommand : ICommand<T>
    {
        if (!IsValidated<TCommand>(module))
            throw new InvalidOperationException($"The command {typeof(TCommand).Name} has no validator.");

        module.Services.AddScoped<ICommandHandler<TCommand, T>, THandler>();
        module.Services.AddScoped<IRequestHandler<TCommand, CommandOutcome<T>>, CommandHandlerAdapter<TCommand, T>>();
        module.Services.AddSingleton<IPipelineBehavior<TCommand, CommandOutcome<T>>, TelemetryBehaviour<TCommand, T>>();
        module.Services.AddSingleton<IPipelineBehavior<TCommand, CommandOutcome<T>>>(services =>
            new ValidationBehaviour<TCommand, CommandOutcome<T>>(
                services.GetRequiredService<IValidator<TCommand>>(), static error => error));
        module.Services.AddScoped<IPipelineBehavior<TCommand, CommandOutcome<T>>>(services => new IdempotencyBehaviour<TCommand, T>(
            services.GetRequiredService<CommandContext>(),
            services.GetRequiredKeyedService<IdempotencyLookup>(module.Name),
            services.GetRequiredService<InFlightKeys>()));
        module.Services.AddScoped<IPipelineBehavior<TCommand, CommandOutcome<T>>>(services => new TransactionBehaviour<TCommand, T>(
            services.GetRequiredService<CommandContext>(), services.GetRequiredKeyedService<IUnitOfWork>(module.Name)));
    }

    private static void AddQuery<THandler, TQuery, T>(ModuleBuilder module)
        where THandler : class, IQueryHandler<TQuery, T>
        where TQuery : IQuery<T>
    {
        module.Services.AddScoped<IRequestHandler<TQuery, Result<T>>, THandler>();
        if (!IsValidated<TQuery>(module))
            return;
        module.Services.AddSingleton<IPipelineBehavior<TQuery, Result<T>>>(services =>
            new ValidationBehaviour<TQuery, Result<T>>(services.GetRequiredService<IValidator<TQuery>>(), static error => error));
    }

    private static IdempotencyLookup LookupOf(IServiceProvider services, string module)
    {
        var own = services.GetRequiredKeyedService<IIdempotencyKeys>(module);
        var all = services.GetKeyedServices<IIdempotencyKeys>(KeyedService.AnyKey);
        return new IdempotencyLookup(own, [.. all.Where(keys => !ReferenceEquals(keys, own))]);
    }

    private static bool IsValidated<TRequest>(ModuleBuilder module) =>
        module.Services.Any(service => service.ServiceType == typeof(IValidator<TRequest>));

    private static IEnumerable<(Type Type, Type Implemented)> Implementations(IEnumerable<Type> types, Type open) =>
        from type in types
        from implemented in type.GetInterfaces()
        where implemented.IsGenericType && implemented.GetGenericTypeDefinition() == open
        select (type, implemented);

    private static MethodInfo Method(string name) => typeof(UseCases).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;
}
